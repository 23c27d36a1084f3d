/** What is to be filled in, and sent once. */
import type { FormLink } from './api.ts';
import { Progress, Summary } from './feedback.tsx';
import { AgreementField, TextField } from './fields.tsx';
import { Order } from './order.tsx';
import { t } from './text.ts';
import type { FormView } from './types.ts';
import { useSubmission } from './use-submission.ts';

export interface OrderFormProps {
  link: FormLink;
  view: FormView;
  onView(view: FormView): void;
  /** It is open no more. */
  onClosed(): void;
}

export function OrderForm({ link, view, onView, onClosed }: OrderFormProps) {
  const text = t();
  const submission = useSubmission(link, view, onView);
  const { fields, agreement, problems, isBusy, setField, setAgreement } = submission;
  return (
    <form
      class="order"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy) void submission.send();
      }}
    >
      <h1>{text.title}</h1>
      <p class="intro">{text.intro}</p>
      <Order view={view} />
      {view.problems.length > 0 && <p class="box warn">{text.refusedBefore}</p>}
      <Summary problems={problems} />
      {view.asked.map((field) =>
        field === 'IsvTerms' ? (
          <AgreementField key={field} file={agreement} problem={problems[field]} onFile={setAgreement} />
        ) : (
          <TextField
            key={field}
            field={field}
            value={fields[field] ?? ''}
            problem={problems[field]}
            onChange={(value) => setField(field, value)}
          />
        ),
      )}
      <p class="quiet">{text.privacy}</p>
      <button type="submit" class="primary large" aria-disabled={isBusy}>
        {isBusy ? text.loading : text.submit}
      </button>
      <Progress of={submission.sending} onClosed={onClosed} />
    </form>
  );
}
