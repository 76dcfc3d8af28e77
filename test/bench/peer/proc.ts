/** Readers of Linux's /proc: what the machine and single processes have computed, in hundredths of a second, and who listens where. */

/** Busy hundredths of a second of all cores so far, and all of them. Time that the host gave to other machines counts as busy. */
export interface MachineTimes {
  busy: number;
  all: number;
}

/** @param stat the text of /proc/stat. */
export function machineTimes(stat: string): MachineTimes {
  const [, ...fields] = stat.split("\n", 1)[0]!.trim().split(/\s+/);
  // Guests' times, behind the eighth field, are in those of the first two already.
  const numbers = fields.slice(0, 8).map(Number);
  const all = numbers.reduce((sum, number) => sum + number, 0);
  const [, , , idle = 0, waiting = 0] = numbers;
  return { busy: all - idle - waiting, all };
}

/** A process, and what it and its ended children have computed. */
export interface ProcessTimes {
  pid: number;
  parent: number;
  time: number;
}

/** @param stat the text of /proc/PID/stat, whose second field may hold blanks and brackets. */
export function processTimes(stat: string): ProcessTimes {
  const end = stat.lastIndexOf(")");
  const fields = stat.slice(end + 2).split(" ");
  const time = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { pid: Number.parseInt(stat, 10), parent: Number(fields[1]), time };
}

/** What the trees below `roots` have computed. A child that ends hands its time to its parent, so the sum never falls. */
export function treeTime(processes: readonly ProcessTimes[], roots: readonly number[]): number {
  const children = Map.groupBy(processes, ({ parent }) => parent);
  const byId = new Map(processes.map((each) => [each.pid, each]));
  const seen = new Set<number>();
  const walk = (pid: number): number => {
    if (seen.has(pid)) return 0;
    seen.add(pid);
    const below = (children.get(pid) ?? []).reduce((sum, child) => sum + walk(child.pid), 0);
    return (byId.get(pid)?.time ?? 0) + below;
  };
  return roots.reduce((sum, root) => sum + walk(root), 0);
}

/**
 * The inode of the socket that listens on a port.
 * @param table the text of /proc/net/tcp or tcp6.
 */
export function listeningInode(table: string, port: number): string | undefined {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const LISTENS = "0A";
  const row = table
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .find((fields) => fields[1]?.endsWith(wanted) && fields[3] === LISTENS);
  return row?.[9];
}
