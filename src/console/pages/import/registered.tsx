/** Says of a draft that it was registered, and as which batch. */
import { t } from '../../language.ts';
import { Link, toBatch } from '../../ui/link.tsx';

export function Registered({ batch }: { batch: string }) {
  return (
    <span>
      {t().draft.registeredAs}{' '}
      <Link to={toBatch(batch)}>
        <code>{batch}</code>
      </Link>
    </span>
  );
}
