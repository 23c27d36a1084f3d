/** Starts the console. */
import { render } from 'preact';
import { App } from './app.tsx';
import { showLanguage } from './language.ts';
import { startRouter } from './router.ts';
import './style/tokens.css';
import './style/base.css';
import './style/controls.css';
import './style/shell.css';
import './style/parts.css';
import './style/pages.css';
import './style/import.css';
import './style/koogallery.css';
import './style/dialogs.css';
import './style/stack.css';
import { showTheme } from './theme.ts';

showTheme();
showLanguage();
startRouter();
render(<App />, document.body);
