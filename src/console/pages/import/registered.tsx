/** Says of a draft that it was registered, as which batch, and whether that is still there. */
import { t } from '../../language.ts';
import { Link, toBatch } from '../../ui/link.tsx';

export function Registered({ batch, isPurged = false }: { batch: string; isPurged: boolean | undefined }) {
  const id = <code>{batch}</code>;
  return (
    <span>
      {t().draft.registeredAs} {isPurged ? id : <Link to={toBatch(batch)}>{id}</Link>}
      {isPurged && `${t().shell.comma}${t().draft.purgedSince}`}
    </span>
  );
}
