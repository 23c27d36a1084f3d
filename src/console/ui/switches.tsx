/** In which language and light a page is shown. */
import { chooseLanguage, language } from '../chosen-language.ts';
import { chooseTheme, THEMES, type Theme, theme } from '../theme.ts';

export interface SwitchesProps {
  text: { label: string } & Record<Theme, string>;
}

export function Switches({ text }: SwitchesProps) {
  const isChinese = language.value === 'zh';
  return (
    <>
      <button
        type="button"
        class="plain"
        lang={isChinese ? 'en' : 'zh-CN'}
        onClick={() => chooseLanguage(isChinese ? 'en' : 'zh')}
      >
        {isChinese ? 'English' : '中文'}
      </button>
      <select
        class="plain"
        aria-label={text.label}
        value={theme.value}
        onChange={(event) => chooseTheme(event.currentTarget.value as Theme)}
      >
        {THEMES.map((each) => (
          <option key={each} value={each}>
            {text[each]}
          </option>
        ))}
      </select>
    </>
  );
}
