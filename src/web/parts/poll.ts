import { useEffect } from "preact/hooks";

/** Runs `task` now and again `everyMs` after it has ended, while the page is seen. */
export function usePoll(task: () => Promise<void>, everyMs: number): void {
  useEffect(() => {
    let over = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const turn = async () => {
      if (!document.hidden) await task();
      if (!over) timer = setTimeout(turn, everyMs);
    };
    void turn();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, []);
}
