/** What the window is called while a page is shown. */
import { useEffect } from 'preact/hooks';

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · isv-onboarding`;
  }, [title]);
}
