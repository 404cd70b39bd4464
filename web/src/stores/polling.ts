/** Do something now and then, as long as somebody looks. */

/** Call `task` every `everyMs` while the page is visible, and when it becomes visible; give the way to end it. */
export function whileVisible(task: () => void, everyMs: number): () => void {
  const look = (): void => {
    if (!document.hidden) task();
  };
  const timer = setInterval(look, everyMs);
  document.addEventListener('visibilitychange', look);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', look);
  };
}
