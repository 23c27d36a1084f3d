/** What is typed into the form, and its sending. A lost answer is no harm: the same again is answered the same way. */
import { useEffect, useState } from 'preact/hooks';
import { Problem } from '../api/client.ts';
import { type FormLink, submit, type Typed } from './api.ts';
import { FIELDS, type Field, type FormView } from './types.ts';

/** Bytes of an agreement. */
const FILE_BYTES_MAX = 2 * 1024 * 1024;
const TRIES_MAX = 4;
const AGAIN_MS = 1_500;

/** Codes by field; '' has what is about all of them. */
export type Problems = Partial<Record<Field | '', string>>;

export type Sending = { is: 'idle' | 'failed' | 'closed' | 'again' } | { is: 'sending'; share: number };

export interface Submission {
  fields: Readonly<Record<string, string>>;
  agreement: File | undefined;
  problems: Problems;
  sending: Sending;
  isBusy: boolean;
  setField(field: Field, value: string): void;
  setAgreement(file: File | undefined): void;
  send(): Promise<void>;
}

export function useSubmission(link: FormLink, view: FormView, onView: (view: FormView) => void): Submission {
  const [fields, setFields] = useState<Record<string, string>>({});
  const [agreement, setAgreement] = useState<File>();
  const [problems, setProblems] = useState(() => problemsIn(view.problems));
  const [sending, setSending] = useState<Sending>({ is: 'idle' });
  useKeeping(Object.values(fields).some((value) => value !== '') || agreement !== undefined);
  const fix = (field: Field) => setProblems(({ [field]: _fixed, ...others }) => others);
  const typed = { fields, agreement };
  return {
    ...{ fields, agreement, problems, sending },
    isBusy: sending.is === 'sending' || sending.is === 'again',
    setField(field, value) {
      setFields((old) => ({ ...old, [field]: value }));
      fix(field);
    },
    setAgreement(file) {
      setAgreement(file);
      fix('IsvTerms');
    },
    async send() {
      const found = findProblems(view.asked, typed);
      setProblems(found);
      if (Object.keys(found).length > 0) return;
      try {
        onView(await submitPatiently(link, typed, setSending));
      } catch (error) {
        const { status, code, errors } = error instanceof Problem ? error : new Problem(0, {});
        if (code === 'INPUT_INVALID') setProblems(problemsIn(errors));
        setSending({ is: code === 'INPUT_INVALID' ? 'idle' : status === 409 ? 'closed' : 'failed' });
      }
    },
  };
}

/** Asks before what was typed is lost. */
function useKeeping(isTyped: boolean): void {
  useEffect(() => {
    if (!isTyped) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [isTyped]);
}

/** What need not be sent to be known: a file takes long over a slow line. */
function findProblems(asked: readonly Field[], { fields, agreement }: Typed): Problems {
  const empty = asked.filter((field) => field !== 'IsvTerms' && (fields[field] ?? '').trim() === '');
  const found: Problems = Object.fromEntries(empty.map((field) => [field, 'REQUIRED']));
  if (!asked.includes('IsvTerms')) return found;
  if (agreement === undefined) found.IsvTerms = 'REQUIRED';
  else if (agreement.size > FILE_BYTES_MAX) found.IsvTerms = 'AGREEMENT_TOO_LARGE';
  else if (agreement.size === 0) found.IsvTerms = 'AGREEMENT_EMPTY';
  return found;
}

function problemsIn(problems: readonly { field?: string; code?: string }[]): Problems {
  const found: Problems = {};
  for (const { field, code } of problems) found[FIELDS.find((each) => each === field) ?? ''] ??= code ?? '';
  return found;
}

/** Without an answer, or with one that says "later", it is sent again. @throws Problem */
async function submitPatiently(
  link: FormLink,
  typed: Typed,
  onSending: (sending: Sending) => void,
): Promise<FormView> {
  for (let tries = 1; ; tries++) {
    try {
      onSending({ is: 'sending', share: 0 });
      return await submit(link, typed, (share) => onSending({ is: 'sending', share }));
    } catch (error) {
      const { status } = error instanceof Problem ? error : { status: 500 };
      if (tries >= TRIES_MAX || (status !== 0 && status !== 503)) throw error;
      onSending({ is: 'again' });
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS * 2 ** tries));
    }
  }
}
