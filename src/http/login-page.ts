/** The pages on which people log in and out, in English and Chinese: forms without any script. Pure. */

const TEXTS = {
  en: {
    title: 'Log in · isv-onboarding',
    name: 'Name',
    password: 'Password',
    logIn: 'Log in',
    logOut: 'Log out',
    loggedInAs: 'You are logged in as',
    wrong: 'This name and password do not belong together.',
    tooMany: 'Too many attempts. Try again later; seconds to wait:',
  },
  zh: {
    title: '登录 · isv-onboarding',
    name: '用户名',
    password: '密码',
    logIn: '登录',
    logOut: '退出登录',
    loggedInAs: '当前登录用户：',
    wrong: '用户名或密码不正确。',
    tooMany: '尝试次数过多，请稍后再试；需等待秒数：',
  },
} as const;

export type Language = keyof typeof TEXTS;

/** The first that the browser asks for, of those that we have. @param accepted the header Accept-Language */
export function languageOf(accepted: string | undefined): Language {
  const asked = (accepted ?? '').split(',').map((part) => {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
    const q = parameters.map((each) => /^ *q=([\d.]+) *$/.exec(each)?.[1]).find(Boolean);
    return { language: tag.split('-')[0] ?? '', weight: Number(q ?? 1) };
  });
  const known = asked.filter(({ language, weight }) => language in TEXTS && weight > 0);
  return (known.sort((a, b) => b.weight - a.weight)[0]?.language ?? 'en') as Language;
}

export interface LoginView {
  language: Language;
  basePath: string;
  /** Where to go on afterwards. */
  next: string;
  name?: string;
  trouble?: { kind: 'wrong' } | { kind: 'tooMany'; seconds: number };
}

export function renderLogin({ language, basePath, next, name = '', trouble }: LoginView): string {
  const text = TEXTS[language];
  const told = trouble && `${text[trouble.kind]}${trouble.kind === 'tooMany' ? ` ${trouble.seconds}` : ''}`;
  return renderPage(
    { language, basePath },
    `<form method="post" action="${basePath}/login">
${told === undefined ? '' : `<p role="alert">${told}</p>\n`}<input type="hidden" name="next" value="${escapeHtml(next)}">
<label>${text.name}<input name="name" value="${escapeHtml(name)}" autocomplete="username" autocapitalize="none" required autofocus></label>
<label>${text.password}<input name="password" type="password" autocomplete="current-password" required></label>
<button>${text.logIn}</button>
</form>`,
  );
}

export function renderLogout({
  language,
  basePath,
  name,
}: Pick<LoginView, 'language' | 'basePath' | 'name'>) {
  const text = TEXTS[language];
  return renderPage(
    { language, basePath },
    `<form method="post" action="${basePath}/logout">
<p>${text.loggedInAs} <b>${escapeHtml(name ?? '')}</b></p>
<button>${text.logOut}</button>
</form>`,
  );
}

function renderPage({ language, basePath }: Pick<LoginView, 'language' | 'basePath'>, main: string): string {
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${TEXTS[language].title}</title>
<link rel="icon" href="${basePath}/login.svg">
<link rel="stylesheet" href="${basePath}/login.css">
</head>
<body>
<main>
<h1>isv-onboarding</h1>
${main}
</main>
</body>
</html>
`;
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (mark) => ENTITIES[mark] ?? mark);

export const LOGIN_STYLE = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; }
main { width: min(20rem, 100vw - 3rem); }
h1 { font-size: 1.25rem; }
label { display: block; margin-bottom: 1rem; }
input:not([type=hidden]) { display: block; width: 100%; }
input, button { box-sizing: border-box; font: inherit; padding: 0.5rem; }
button { width: 100%; cursor: pointer; }
[role=alert] { border-left: 4px solid #c0392b; padding-left: 0.75rem; }
`;

export const LOGIN_ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4" fill="#2471a3"/></svg>';
