import type { Usage } from '../../api/koogallery-types.ts';
import { moment } from '../../format.ts';
import { t } from '../../language.ts';
import { mayAct } from '../../session.ts';
import { Time } from '../../ui/marks.tsx';
import { StateWord } from './marks.tsx';

interface TableProps {
  records: readonly Usage[];
  /** To decide about it. */
  onChoose(record: Usage): void;
}

export function UsageTable({ records, onChoose }: TableProps) {
  const text = t().koogallery;
  return (
    <div class="framed">
      <table class="stack">
        <thead>
          <tr>
            <th scope="col">{text.instance}</th>
            <th scope="col">{text.state}</th>
            <th scope="col">{text.span}</th>
            <th scope="col" class="end">
              {text.value}
            </th>
            <th scope="col">{text.changed}</th>
            <th scope="col">{text.reason}</th>
            {mayAct() && <td />}
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <Line key={record.id} of={record} onChoose={onChoose} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Line({ of, onChoose }: { of: Usage; onChoose(record: Usage): void }) {
  const text = t().koogallery;
  const { id, state, instanceId, relatedPackage, beginTime, endTime, value, changedAt, decision } = of;
  return (
    <tr>
      <th scope="row">
        <code>{instanceId}</code>
        <small>
          {relatedPackage && `${relatedPackage} · `}
          {id}
        </small>
      </th>
      <td data-label={text.state}>
        <StateWord kind="usage" state={state} />
        {decision && <small>{t().koogalleryWords.settled[decision] ?? decision}</small>}
      </td>
      <td data-label={text.span}>
        {moment(beginTime)} – {moment(endTime)}
      </td>
      <td data-label={text.value} class="end number">
        {value}
      </td>
      <td data-label={text.changed}>
        <Time at={changedAt} />
      </td>
      <td data-label={text.reason} class="wide">
        <Why of={of} />
      </td>
      {mayAct() && (
        <td class="end">
          {of.decisions.length > 0 && (
            <button type="button" onClick={() => onChoose(of)} aria-label={`${text.decide} ${id}`}>
              {text.decide}
            </button>
          )}
        </td>
      )}
    </tr>
  );
}

function Why({ of: { code, meaning, reason, decidedBy } }: { of: Usage }) {
  const text = t().koogallery;
  if ([code, reason, decidedBy].every((each) => each === undefined)) return <>–</>;
  return (
    <>
      {code && <code>{code}</code>} {meaning} {reason}
      {decidedBy && <small>{text.decidedBy(decidedBy)}</small>}
    </>
  );
}
