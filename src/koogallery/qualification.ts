/**
 * Which financial reports an application for joint operation must show; see "joint certification" in
 * docs/koogallery-sources.md. Pure.
 */

export interface Qualification {
  /** The day of the application: `2026-03-31`. */
  applied: string;
  /** Financial years of which one audited report is enough, the latest first. */
  auditedYears: number[];
  /** Years that may be accepted too: the page does not say. */
  doubtfulYears: number[];
  /** Why there are such years. */
  doubt?: string;
  withoutAudit: string;
  assessed: string;
}

const WITHOUT_AUDIT =
  'Without an audited report: download the template of the application, and hand in the financial figures under the seal of the company.';
const ASSESSED = 'Assessed is the legal entity that signed with KooGallery, and no other.';
const FIRST_OF_JULY =
  'The page says "before 1 July" and "after 1 July", and of the day itself nothing: the year before fits both.';

/** @param applied a day of the calendar, `yyyy-mm-dd`. @returns undefined if there is no such day */
export function qualify(applied: string): Qualification | undefined {
  const day = /^20\d\d-\d\d-\d\d$/.test(applied) ? new Date(`${applied}T00:00:00Z`) : new Date(Number.NaN);
  // Where there is no such day, Date takes another one, or none.
  if (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== applied) return undefined;
  const before = day.getUTCFullYear() - 1;
  const rest = { withoutAudit: WITHOUT_AUDIT, assessed: ASSESSED };
  const monthAndDay = applied.slice(5);
  if (monthAndDay < '07-01')
    return { applied, auditedYears: [before, before - 1], doubtfulYears: [], ...rest };
  if (monthAndDay > '07-01') return { applied, auditedYears: [before], doubtfulYears: [], ...rest };
  return { applied, auditedYears: [before], doubtfulYears: [before - 1], doubt: FIRST_OF_JULY, ...rest };
}
