/** Makes an object out of functions that all take the same first argument. */

/** Such a function without its first argument. */
type Bound<Access, Statement> = Statement extends (access: Access, ...rest: infer Rest) => infer Result
  ? (...rest: Rest) => Result
  : never;

type Statements<Access> = Record<string, (access: Access, ...rest: never[]) => unknown>;

export function bind<Access, Unbound extends Statements<Access>>(
  access: Access,
  statements: Unbound,
): { [Name in keyof Unbound]: Bound<Access, Unbound[Name]> } {
  const bound = Object.entries(statements).map(([name, statement]) => [
    name,
    (...rest: never[]) => statement(access, ...rest),
  ]);
  return Object.fromEntries(bound);
}
