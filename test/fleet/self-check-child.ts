import { selfCheck } from '../../src/monitor/self-check.ts';

const own = process.argv.slice(2).map((text) => {
  const [host = '', port = ''] = text.split(' ');
  return { host, port: Number(port) };
});
console.log(JSON.stringify(await selfCheck(own)));
