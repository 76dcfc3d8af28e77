import { expect, test } from "bun:test";
import { foreignShare } from "../../bench/peer/foreign-load.ts";
import { listeningInode, machineTimes, processTimes, treeTime } from "../../bench/peer/proc.ts";

test("a machine is busy with everything but idling and waiting, also with what its host took; guests count once", () => {
  const stat = "cpu  100 5 20 800 40 3 2 30 50 5\ncpu0 1 2 3\n";
  expect(machineTimes(stat)).toEqual({ busy: 160, all: 1000 });
});

test("a process's time is its own and that of the children that it has buried, whatever its name", () => {
  const stat = "41 (a) b (c)) S 7 41 41 0 -1 4194560 100 0 0 0 11 22 33 44 20 0 5 0 100";
  expect(processTimes(stat)).toEqual({ pid: 41, parent: 7, time: 110 });
});

test("a tree is what its roots have started, each counted once", () => {
  const processes = [
    { pid: 1, parent: 0, time: 1000 },
    { pid: 10, parent: 1, time: 5 },
    { pid: 11, parent: 10, time: 7 },
    { pid: 12, parent: 11, time: 9 },
    { pid: 20, parent: 1, time: 100 },
  ];
  expect(treeTime(processes, [10])).toBe(21);
  expect(treeTime(processes, [10, 12])).toBe(21);
  expect(treeTime(processes, [10, 20, 99])).toBe(121);
});

test("what others took is what the machine did less what was measured", () => {
  const before = { machine: { busy: 1000, all: 5000 }, measured: 300 };
  const after = { machine: { busy: 1150, all: 5200 }, measured: 430 };
  expect(foreignShare(before, after)).toBe(0.1);
  // A child that has ended handed its time over a little later than the machine counted it.
  expect(foreignShare(before, { ...after, measured: 460 })).toBe(0);
  expect(foreignShare(before, before)).toBe(0);
});

test("the socket that listens on a port is found, and none that is connected to it", () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:2CAA 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 5001 1
   1: 0100007F:2CAA 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 5002 1
   2: 0100007F:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 5003 1`;
  expect(listeningInode(table, 11434)).toBe("5002");
  expect(listeningInode(table, 80)).toBe("5003");
  expect(listeningInode(table, 11435)).toBeUndefined();
});
