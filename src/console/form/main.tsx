/** Starts the form of a buyer. */
import { render } from 'preact';
import { showLanguage } from '../chosen-language.ts';
import '../style/tokens.css';
import '../style/base.css';
import '../style/controls.css';
import '../style/shell.css';
import '../style/parts.css';
import './form.css';
import { showTheme } from '../theme.ts';
import { FormApp } from './form-app.tsx';

showTheme();
showLanguage();
render(<FormApp />, document.body);
