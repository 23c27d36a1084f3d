/** Light or dark: as the system says, until the user says otherwise. */
import { signal } from '@preact/signals';
import { recall, remember } from './storage.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export const theme = signal<Theme>(THEMES.find((each) => each === recall('theme')) ?? 'system');

export function chooseTheme(chosen: Theme): void {
  remember('theme', chosen);
  theme.value = chosen;
  showTheme();
}

export function showTheme(): void {
  const { dataset } = document.documentElement;
  if (theme.value === 'system') delete dataset.theme;
  else dataset.theme = theme.value;
}
