/** Doctor: what is wrong with this installation. */
import { useState } from 'preact/hooks';
import { get } from '../api/client.ts';
import type { Finding } from '../api/types.ts';
import { count, moment } from '../format.ts';
import { t } from '../language.ts';
import { tell } from '../ui/notices.tsx';
import { useAction } from '../ui/use-action.ts';
import { useTitle } from '../ui/use-title.ts';

interface Examined {
  findings: Finding[];
  at: string;
}

export function DoctorPage() {
  const text = t().home;
  useTitle(text.doctorTitle);
  const [examined, setExamined] = useState<Examined>();
  const { isBusy, run } = useAction();
  const examine = () =>
    run(async () => {
      const { findings } = await get<{ findings: Finding[] }>('/v1/doctor');
      setExamined({ findings, at: new Date().toISOString() });
      const bad = findings.filter(({ level }) => level === 'bad').length;
      tell(bad === 0 ? text.allWell : text.troubles(count(bad)));
    });
  return (
    <>
      <div class="page-head">
        <h1>{text.doctorTitle}</h1>
        <button type="button" class="primary" disabled={isBusy} onClick={examine}>
          {isBusy ? text.doctorRunning : text.doctorRun}
        </button>
      </div>
      <p class="intro">{text.doctorIntro}</p>
      {examined && (
        <>
          <p class="quiet">{text.doctorAt(moment(examined.at))}</p>
          <ul class="findings">
            {examined.findings.map((finding) => (
              <FindingLine key={`${finding.subject} ${finding.message}`} finding={finding} />
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function FindingLine({ finding: { level, subject, message, hint } }: { finding: Finding }) {
  return (
    <li>
      <span class={`tag finding-${level}`}>{t().home[level]}</span>
      <div>
        <b>{subject}</b> {message}
        {hint && <div class="quiet">{hint}</div>}
      </div>
    </li>
  );
}
