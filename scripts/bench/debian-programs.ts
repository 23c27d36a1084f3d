/**
 * The Redis and the Valkey of another release of Debian, fetched by apt without installing anything. They are started by
 * that release's own loader with its own libraries, so they run on an older Debian too.
 */
import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const SUITE = 'trixie';
const PROGRAMS = ['redis-server', 'valkey-server'] as const;
/** The packages of the programs, and of all that they load. */
const PACKAGES = [
  ...['redis-tools', 'redis-server', 'valkey-tools', 'valkey-server'],
  ...['libatomic1', 'libc6', 'libcap2', 'libgcc-s1', 'libjemalloc2', 'liblzf1', 'libssl3t64', 'libstdc++6'],
  ...['libsystemd0', 'libzstd1', 'zlib1g'],
];
const SOURCE = `Types: deb
URIs: http://deb.debian.org/debian
Suites: ${SUITE}
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
`;

const run = promisify(execFile);

export type DebianPrograms = Record<(typeof PROGRAMS)[number], string>;

/**
 * @param folder where everything goes; nothing else of the machine is changed
 * @returns paths of programs that take the parameters of the real ones; undefined if they cannot be had here
 */
export async function fetchDebianPrograms(folder: string): Promise<DebianPrograms | undefined> {
  try {
    await fetchPackages(folder);
    const library = join(folder, 'root/usr/lib/x86_64-linux-gnu');
    const loader = join(library, 'ld-linux-x86-64.so.2');
    const paths = await Promise.all(
      PROGRAMS.map(async (name) => {
        const [path, real] = [join(folder, name), join(folder, 'root/usr/bin', name)];
        // The loader takes the name of the program as it is given, and the program looks at it to know what it is.
        const command = `exec '${loader}' --library-path '${library}' '${real}' "$@"`;
        await writeFile(path, `#!/bin/sh\n${command}\n`);
        await chmod(path, 0o755);
        await run(path, ['--version']);
        return [name, path];
      }),
    );
    return Object.fromEntries(paths) as DebianPrograms;
  } catch (error) {
    process.stderr.write(`Redis 8 and Valkey of Debian cannot be had here: ${(error as Error).message}\n`);
    return undefined;
  }
}

async function fetchPackages(folder: string): Promise<void> {
  const places = ['sources', 'lists/partial', 'cache/archives/partial', 'packages'];
  for (const place of places) await mkdir(join(folder, place), { recursive: true });
  await writeFile(join(folder, 'sources', `${SUITE}.sources`), SOURCE);
  const options = [
    ...['-qq', '-o', 'Dir::Etc::sourcelist=/dev/null', '-o', `Dir::Etc::sourceparts=${folder}/sources`],
    ...['-o', `Dir::State::lists=${folder}/lists`, '-o', `Dir::Cache=${folder}/cache`],
    ...['-o', 'APT::Sandbox::User=root'],
  ];
  await run('apt-get', [...options, 'update']);
  const packages = join(folder, 'packages');
  await run('apt-get', [...options, 'download', ...PACKAGES], { cwd: packages });
  for (const name of await readdir(packages))
    await run('dpkg', ['-x', join(packages, name), join(folder, 'root')]);
  await Promise.all([rm(packages, { recursive: true }), rm(join(folder, 'lists'), { recursive: true })]);
}
