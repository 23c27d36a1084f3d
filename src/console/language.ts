/** The texts of the console, in the language of the page. */
import { language } from './chosen-language.ts';
import { TEXTS, type Texts } from './text/texts.ts';

export { language, showLanguage } from './chosen-language.ts';

/** The texts; whoever reads them is shown anew in another language. */
export const t = (): Texts => TEXTS[language.value];
