/** The fields of the form, each with what it is for and what is wrong with it. */
import { useMemo } from 'preact/hooks';
import { language } from '../chosen-language.ts';
import { FileDrop } from '../ui/file-drop.tsx';
import { countriesIn } from './countries.ts';
import { problemText, t } from './text.ts';
import type { Field } from './types.ts';

/** What browsers may offer to fill in, and how much they take. */
const KINDS: Partial<Record<Field, { inputMode?: 'email'; autocomplete?: string; max?: number }>> = {
  CustSpaceId: { max: 64 },
  CustName: { autocomplete: 'organization', max: 200 },
  OfficeAddress: { autocomplete: 'street-address', max: 500 },
  ContactMail: { inputMode: 'email', autocomplete: 'email', max: 254 },
  BusinessDesc: { max: 1000 },
};

export interface TextFieldProps {
  field: Field;
  value: string;
  /** A code. */
  problem: string | undefined;
  onChange(value: string): void;
}

export function TextField({ field, value, problem, onChange }: TextFieldProps) {
  const common = {
    id: field,
    value,
    required: true,
    'aria-invalid': problem !== undefined,
    'aria-describedby': `${field}-hint ${problem === undefined ? '' : `${field}-problem`}`.trim(),
  };
  const { inputMode, autocomplete, max } = KINDS[field] ?? {};
  return (
    <div class="form-field">
      <label for={field}>{t().label[field]}</label>
      {field === 'CountryId' ? (
        <Country common={common} onChange={onChange} />
      ) : field === 'BusinessDesc' ? (
        <textarea
          {...common}
          rows={3}
          maxLength={max}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      ) : (
        <input
          {...common}
          type="text"
          inputMode={inputMode}
          autocomplete={autocomplete}
          maxLength={max}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      )}
      <Explained field={field} problem={problem} />
    </div>
  );
}

function Country({ common, onChange }: { common: object; onChange(value: string): void }) {
  const countries = useMemo(() => countriesIn(language.value), [language.value]);
  return (
    <select {...common} autocomplete="country" onChange={(event) => onChange(event.currentTarget.value)}>
      <option value="">{t().choose}</option>
      {countries.map(({ code, name }) => (
        <option key={code} value={code}>
          {name}
        </option>
      ))}
    </select>
  );
}

export interface AgreementFieldProps {
  file: File | undefined;
  problem: string | undefined;
  onFile(file: File | undefined): void;
}

export function AgreementField({ file, problem, onFile }: AgreementFieldProps) {
  const text = t();
  const label = text.label.IsvTerms ?? '';
  return (
    <div class="form-field">
      <span class="label">{label}</span>
      <FileDrop
        id="IsvTerms"
        label={`${label}: ${text.chooseFile}`}
        accept="application/pdf,.pdf"
        invalidBy={problem === undefined ? undefined : 'IsvTerms-problem'}
        onFiles={([first]) => onFile(first)}
      >
        <strong>{file === undefined ? text.drop : file.name}</strong>
        {file !== undefined && <span class="quiet">{sizeOf(file.size)}</span>}
        <span class="button">{text.chooseFile}</span>
      </FileDrop>
      {file !== undefined && (
        <button type="button" class="link" onClick={() => onFile(undefined)}>
          {text.remove(file.name)}
        </button>
      )}
      <Explained field="IsvTerms" problem={problem} />
    </div>
  );
}

function Explained({ field, problem }: { field: Field; problem: string | undefined }) {
  return (
    <>
      {problem !== undefined && (
        <span class="bad" id={`${field}-problem`}>
          {problemText(problem)}
        </span>
      )}
      <small id={`${field}-hint`}>{t().hint[field]}</small>
    </>
  );
}

function sizeOf(bytes: number): string {
  const locale = language.value === 'zh' ? 'zh-CN' : 'en-GB';
  const kilobytes = Math.max(1, Math.round(bytes / 1024));
  return `${kilobytes.toLocaleString(locale)} KB`;
}
