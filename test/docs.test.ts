/** What the documents say can be followed: links lead somewhere, examples can be read, and commands exist. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { type CommandWords, wordsOf } from '../src/cli/completion.ts';
import { createProgram } from '../src/cli/program.ts';
import { placeOf, readDocuments } from './support/documents.ts';

const documents = readDocuments();
const byPath = new Map(documents.map((document) => [document.path, document]));

it('every link leads to a file that is there, and to a heading of it', () => {
  const broken = documents.flatMap((document) =>
    document.targets.flatMap(({ line, url }) => {
      const { file, anchor } = placeOf(document, url);
      const isThere = existsSync(file) && (anchor === '' || byPath.get(file)?.anchors.has(anchor) === true);
      return isThere ? [] : [`${document.path}:${line} ${url}`];
    }),
  );
  expect(broken).toEqual([]);
});

/** Reads an example as those would who use it. @returns what is wrong with it; undefined if nothing is */
const READERS: Record<string, (text: string) => string | undefined> = {
  // A part of an object stands for itself.
  json: (text) => complaintOf(() => JSON.parse(text.startsWith('"') ? `{${text}}` : text)),
  bash: (text) => spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' }).stderr || undefined,
  sh: (text) => spawnSync('sh', ['-n'], { input: text, encoding: 'utf8' }).stderr || undefined,
  ts: (text) =>
    ts
      .transpileModule(text, { reportDiagnostics: true })
      .diagnostics?.map(({ messageText }) => String(messageText))
      .join('; ') || undefined,
};

it('every example in a language can be read by it', () => {
  const wrong = documents.flatMap(({ path, blocks }) =>
    blocks.flatMap(({ line, language, text }) => {
      const complaint = READERS[language]?.(text);
      return complaint === undefined ? [] : [`${path}:${line} ${complaint}`];
    }),
  );
  expect(wrong).toEqual([]);
});

it('every command that is named exists, with the options that it is given', async () => {
  const commands = wordsOf(await createProgram({ loads: () => true }));
  const unknown = documents.flatMap(({ path, blocks, codes }) => {
    const lines = blocks.flatMap(({ line, text }) =>
      text
        .replaceAll('\\\n', ' ')
        .split('\n')
        .map((each) => ({ line, text: each })),
    );
    // What a page shows being refused is no promise.
    const refused = blocks.flatMap(({ text }) =>
      Array.from(text.matchAll(/unknown command '([\w-]+)'/g), ([, word = '']) => word),
    );
    return [...codes, ...lines].flatMap(({ line, text }) =>
      variantsOf(text).flatMap((words) => {
        if (words.some((word) => refused.includes(word))) return [];
        const complaint = findUnknown(commands, words);
        return complaint === undefined ? [] : [`${path}:${line} ${complaint}`];
      }),
    );
  });
  expect(unknown).toEqual([]);
});

/** As `docs/screens.md` says of itself. */
const SCREEN_COLUMNS = 110;

it('the help that is shown is the help that there is', async () => {
  const shown = documents.flatMap(({ blocks }) =>
    blocks.flatMap(({ text }) => {
      const [, words, help] = /^\$ onboard (.*--help)\n(.*)$/s.exec(text) ?? [];
      return words === undefined ? [] : [{ words: words.split(' '), help: help?.trimEnd() }];
    }),
  );
  expect(shown).toHaveLength(2);
  for (const { words, help } of shown) expect(await helpOf(words)).toBe(help);
});

async function helpOf(words: string[]): Promise<string> {
  const program = await createProgram({ loads: () => true });
  let said = '';
  const output = {
    getOutHelpWidth: () => SCREEN_COLUMNS,
    writeOut(text: string) {
      said += text;
    },
  };
  for (const command of [program, ...program.commands]) command.configureOutput(output);
  await program.parseAsync(words, { from: 'user' }).catch(() => undefined);
  return said.trimEnd();
}

it('both READMEs have the same sections, commands, links and pictures', () => {
  const [english, chinese] = ['README.md', 'README.zh-CN.md'].map(outlineOf);
  expect(chinese).toEqual(english);
});

/** What does not depend on the language. A link to a heading of the same page, and to the other README, does. */
function outlineOf(path: string) {
  const document = byPath.get(path);
  if (document === undefined) throw new Error(`There is no ${path}.`);
  const links = document.targets.map(({ url }) => url).filter((url) => !/^#|^README|pictures/.test(url));
  return {
    sections: document.anchors.size,
    commands: document.blocks.map(({ text }) => text.replace(/(#|\/\/) .*/g, '').trimEnd()),
    pictures: document.targets.filter(({ url }) => url.includes('pictures')).length,
    links: [...new Set(links)].sort(),
  };
}

/** `onboard a|b` names two commands. @returns the words after `onboard`; none for anything else */
function variantsOf(text: string): string[][] {
  const found = /(?:^|[\s(])(?:npm run -s onboard --|onboard) ([a-z][^#>;&)]*)/.exec(text.trim());
  if (found?.[1] === undefined || !/^(npm|onboard|\$)/.test(text.trim())) return [];
  let variants: string[][] = [[]];
  for (const word of found[1].split(/\s+/).filter(Boolean)) {
    const choices = /^[a-z-]+(\|[a-z-]+)+$/.test(word) ? word.split('|') : [word];
    variants = variants.flatMap((words) => choices.map((choice) => [...words, choice]));
  }
  return variants;
}

function findUnknown(commands: readonly CommandWords[], words: readonly string[]): string | undefined {
  let command = commands[0] as CommandWords;
  const asked = `onboard ${words.join(' ')}`;
  for (const word of words) {
    const option = /^\[?(--?[a-z-]+)/.exec(word)?.[1];
    const sub = commands.find(({ path }) => path === `${command.path} ${word}`.trim());
    if (sub !== undefined) command = sub;
    else if (option !== undefined && !command.options.some(({ flags }) => flags.includes(option)))
      return `${asked}: no option ${option}`;
    else if (command.subcommands.length > 0 && /^[a-z]/.test(word)) return `${asked}: no command ${word}`;
  }
  return undefined;
}

function complaintOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
