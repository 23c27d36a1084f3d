/** What was asked for: shown when it is there, with what went wrong beside it. */
import type { ComponentChildren } from 'preact';
import type { Problem } from '../api/client.ts';
import type { Loaded } from '../api/use-load.ts';
import { t } from '../language.ts';
import { Details, detailsOf } from './details.tsx';
import { hintOf } from './hint.ts';

export interface LoadedProps<Data> {
  of: Loaded<Data>;
  children(data: Data): ComponentChildren;
}

export function WhenLoaded<Data>({ of, children }: LoadedProps<Data>) {
  const { data, problem, reload } = of;
  return (
    <>
      {problem && <ProblemBox problem={problem} onRetry={reload} />}
      {data === undefined
        ? problem === undefined && <p class="loading">{t().shell.loading}</p>
        : children(data)}
    </>
  );
}

export function ProblemBox({ problem, onRetry }: { problem: Problem; onRetry?: () => void }) {
  const { message, code } = problem;
  const hint = hintOf(code, problem.hint);
  return (
    <div class="box bad" role="alert">
      <div class="grow">
        <strong>{message === '' ? t().shell.noAnswer : message}</strong> {code && <code>{code}</code>}
        <Details of={detailsOf(problem)} />
        {hint && <div class="quiet">{hint}</div>}
      </div>
      {onRetry && (
        <button type="button" onClick={onRetry}>
          {t().shell.tryAgain}
        </button>
      )}
    </div>
  );
}
