import { dataDir, storeUrl } from '../config/store-location.ts';
import { AppError } from '../core/error.ts';
import { recognise } from '../net/recognise.ts';
import { parseListen } from '../service/http-server.ts';
import { startService } from '../service.ts';
import { makeFolder } from '../store/folder.ts';
import { CONFIG_OPTION, configPath } from './find-config.ts';
import type { Io } from './io.ts';
import { addDataOption } from './store.ts';
import type { Define } from './verbs.ts';
import { version } from './version.ts';

interface ServeOptions {
  config?: string;
  data?: string;
  listen?: string;
  publicUrl?: string;
}

export const define: Define = (command, io) => {
  addDataOption(command)
    .option(...CONFIG_OPTION)
    .option('--listen <address>', 'address and port (default: $SEAWORTHY_LISTEN, else 127.0.0.1:8080)')
    .option('--public-url <url>', 'the URL that people use, where a proxy stands in front ($SEAWORTHY_PUBLIC_URL)')
    .action((options: ServeOptions) => serve(options, io));
};

async function serve(options: ServeOptions, io: Io): Promise<void> {
  const { env } = io;
  const url = storeUrl(options.data, env);
  if (url.startsWith('sqlite:')) makeFolder(dataDir(options.data, env));
  const path = configPath(options.config, io);
  const publicUrl = options.publicUrl ?? env.SEAWORTHY_PUBLIC_URL;
  if (publicUrl !== undefined && !/^https?:\/\/[^/]+\/?$/.test(publicUrl)) {
    throw new AppError('public-url', `"${publicUrl}" is no URL that the service can have`, {
      hint: 'write scheme and host, such as https://seaworthy.example',
    });
  }
  const listen = parseListen(options.listen ?? env.SEAWORTHY_LISTEN ?? '127.0.0.1:8080');
  // Before anything is started: a signal that comes early is no less meant.
  const stopped = whenStopped();
  const reload = { wanted: () => {} };
  process.on('SIGHUP', () => reload.wanted());
  const service = await startService({
    configPath: path,
    storeUrl: url,
    listen,
    version: version(),
    env,
    recognise,
    publicUrl,
  });
  reload.wanted = () => void service.reload();

  const targets = service.targets();
  const names = targets.slice(0, 10).map(({ id, kind }) => `${id} (${kind})`);
  const more = targets.length > names.length ? `, and ${targets.length - names.length} more` : '';
  await io.out(
    [
      `Seaworthy ${version()} listens on ${service.url}`,
      `Log in:   ${service.loginUrl}`,
      `Auditing: ${names.join(', ') || 'nothing yet'}${more}`,
      path === null
        ? 'There is no seaworthy.yaml: this machine and the service itself are audited. `seaworthy init` writes one.'
        : `From:     ${path}`,
      '',
    ].join('\n'),
  );

  await stopped;
  await service.stop();
  process.exit(0);
}

/** Resolves when somebody wants the service to end. Who asks twice does not want to wait. */
function whenStopped(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (asked) process.exit(1);
        asked = true;
        resolve();
      });
    }
  });
}
