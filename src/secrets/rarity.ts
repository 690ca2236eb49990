/** Shannon entropy of the characters, in bits per character. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** The commonest pairs of letters in English words and in identifiers; they make up most of any name and few of any key. */
const COMMON = new Set(
  `th he in er an re nd on en at ou ed ha to or it is hi es ng st ar te se me nt al ti le ve ro ri io ic ra ce li ch ll be ma
   si om ur ca el ta la ns di fo ho pe ec pr no ct us ac ot il tr ly nc et ut ss so rs un lo wa ge ie wh ee wi em ad ol rt po
   we na ul ni ts mo ow pa im mi ai sh ir su id os iv ia am fi ci vi pl ig tu ev ld ry mp fe bl ab gh ty op wo sa ay ex ke ui
   fr oo av ag if ap gr od bo sp rd do uc bu ei ov by rm ep tt oc fa ef cu rn sc gi da yo cr cl du ga qu ue ff ba ey ls va um
   pp ua up lu go ht ru ug ds lt pi rc rr eg au ck ew mu br bi pt ak pu ui rg ib tl ny ki rk ys ob mm fu ph og ms ye ud mb ip
   ub oi rl gu dr hr cc tw ft wn nu af hu nn eo vo rv nf xp gn sm fl iz ok nl my gl aw ju oa eq sy sl ps jo lf nv je nk kn gs
   dy hy ze ks xt bs ik dd pt rp sk xi oe oy ws lv dl rf eu dg wr xa yi nm eb rb tm xc eh tc gy ja hn yp za gg ym sw bj lm cs
   ii ix xe oh lk dv lp ax ox uf dm iu sf bt ka yt ek pm ya gt wl rh yl hs ah yc yb rw hm lw hl ae zi az lc py aj nj bb nh uo
   kl lr tn gm sn nr fy mn dw sb yn sq zo oj yd lb wt lg ko np sr nq ky ln nw tf fs cq dh sd vy dj hw xu ao ml uk uy ej ez hb
   nz nb mc yb tp xh ux tz bv mf wd oz yw kh gd bm mr ku uv dt hd aa xx df db js ts rx fn tx cb`.split(/\s+/),
);

/**
 * How much a text looks made by a machine, from 0 (words) to 1 (random): the share of neighbouring characters that do not
 * stand beside each other in words. Plain entropy cannot tell `internationalization` from a key; this can.
 */
export function rarity(text: string): number {
  let rare = 0;
  let pairs = 0;
  for (let index = 1; index < text.length; index += 1) {
    const left = text[index - 1] as string;
    const right = text[index] as string;
    if (/[-_./ ]/.test(left) || /[-_./ ]/.test(right)) continue;
    pairs += 1;
    const bothLetters = /[a-z]/i.test(left) && /[a-z]/i.test(right);
    if (!bothLetters) {
      // Digits after letters are usual once (`v2`, `sha256`); within a run of digits they say nothing.
      if (!/\d/.test(left) || !/\d/.test(right)) rare += 1;
      else rare += 0.5;
      continue;
    }
    const hump = /[a-z]/.test(left) && /[A-Z]/.test(right);
    if (hump || !COMMON.has((left + right).toLowerCase())) rare += 1;
    else if (/[A-Z]/.test(right) && /[a-z]/.test(text[index + 1] ?? '')) rare += 0.5;
  }
  return pairs === 0 ? 0 : rare / pairs;
}
