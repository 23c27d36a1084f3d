/** The first step of an import: its files. The server keeps them as a draft, and looks at them. */
import { useState } from 'preact/hooks';
import type { Draft } from '../../api/draft-types.ts';
import { upload } from '../../api/upload.ts';
import { percent } from '../../format.ts';
import { t } from '../../language.ts';
import { go } from '../../router.ts';
import { session } from '../../session.ts';
import { Choice } from '../../ui/field.tsx';
import { FileDrop } from '../../ui/file-drop.tsx';
import { useAction } from '../../ui/use-action.ts';
import { useTitle } from '../../ui/use-title.ts';
import { DraftList } from './draft-list.tsx';
import { formOf, kindOf } from './file-kinds.ts';
import { FileList } from './file-list.tsx';

export function ChoosePage() {
  const text = t().draft;
  useTitle(text.title);
  const [files, setFiles] = useState<File[]>([]);
  const add = (more: File[]) =>
    setFiles((old) => [...old.filter(({ name }) => more.every((each) => each.name !== name)), ...more]);
  return (
    <>
      <h1>{text.title}</h1>
      <p class="intro">{text.intro}</p>
      <FileDrop label={text.choose} isMultiple onFiles={add}>
        <strong>{text.drop}</strong>
        <span class="button">{text.choose}</span>
        <small>{text.kinds}</small>
      </FileDrop>
      {files.length > 0 && (
        <>
          <FileList files={files} onRemove={(file) => setFiles(files.filter((each) => each !== file))} />
          <Check files={files} />
        </>
      )}
      <DraftList />
    </>
  );
}

function Check({ files }: { files: readonly File[] }) {
  const text = t().draft;
  const accounts = session.value?.accounts ?? [];
  const [account, setAccount] = useState(accounts[0] ?? '');
  const [sent, setSent] = useState(0);
  const { isBusy, run } = useAction();
  const tables = files.filter(({ name }) => kindOf(name) === 'customers').length;
  const problem = tables === 1 ? undefined : tables === 0 ? text.noTable : text.oneTable;
  const check = () =>
    run(async () => {
      const form = formOf(files, account === '' ? {} : { account });
      const { id } = await upload<Draft>('/v1/drafts', form, setSent);
      go(`/import/${encodeURIComponent(id)}`);
    });
  return (
    <div class="filters">
      {accounts.length > 1 && (
        <Choice
          label={text.account}
          value={account}
          options={accounts.map((name) => [name, name] as const)}
          onChoose={setAccount}
        />
      )}
      <button type="button" class="primary" disabled={isBusy || problem !== undefined} onClick={check}>
        {isBusy ? text.checking : text.check}
      </button>
      <span role="status" class="quiet">
        {isBusy ? text.sent(percent(sent)) : problem}
      </span>
    </div>
  );
}
