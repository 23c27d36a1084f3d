/** A link to another page of the console. */
import type { ComponentChildren } from 'preact';
import { base } from '../api/client.ts';

export interface LinkProps {
  /** Below the base. */
  to: string;
  class?: string;
  isCurrent?: boolean;
  /** Where what is inside may be hidden. */
  label?: string;
  children: ComponentChildren;
}

export function Link({ to, isCurrent = false, label, children, class: name }: LinkProps) {
  return (
    <a
      href={`${base}${to}`}
      data-inside={to}
      class={name}
      aria-label={label}
      aria-current={isCurrent ? 'page' : undefined}
    >
      {children}
    </a>
  );
}

export const toBatch = (id: string) => `/batches/${encodeURIComponent(id)}`;

/** @param row its drawer is opened */
export const toRow = (id: string, row: number) => `${toBatch(id)}?row=${row}`;

export const toCustomer = (id: string, account?: string) =>
  `/customers/${encodeURIComponent(id)}${account === undefined ? '' : `?account=${encodeURIComponent(account)}`}`;
