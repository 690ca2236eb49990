import { SYSCTL_RULES } from '../../../src/knowledge/sysctl.ts';

/**
 * Bash that brings a host of the lab into the state that the checks of hosts look for, badly or well. What a network of
 * namespaces cannot have of its own (systemd, the kernel's audit trail, its clock) is played by recorded answers.
 */

/** A program that gives recorded answers, first in the script's PATH. */
const recorded = (name: string, body: string) => `
cat > /usr/local/sbin/${name} <<'PROGRAM'
#!/bin/sh
${body}
PROGRAM
chmod 755 /usr/local/sbin/${name}
`;

/** A process of this name that does nothing. */
const daemon = (name: string) =>
  `mkdir -p /run/daemons; cp /bin/sleep /run/daemons/${name}; setsid /run/daemons/${name} infinity >/dev/null 2>&1 </dev/null &\n`;

/** A value that the kernel shows in a file, in this host alone. */
const shown = (file: string, value: string) => `
if [ -e ${file} ]; then mkdir -p /run/shown; echo '${value}' > /run/shown/${file.replaceAll('/', '_')}; mount --bind /run/shown/${file.replaceAll('/', '_')} ${file}; fi
`;

/** The package manager's own view: one archive on disk, called like Debian's for security, that has this version of a package. */
const archive = (version: string) => `
arch=$(dpkg --print-architecture); rm -rf /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/preferences.d/* /var/lib/apt/lists
dist=/srv/archive/dists/lab-security; mkdir -p $dist/main/binary-$arch /etc/apt/sources.list.d /var/lib/apt/lists/partial
printf 'Package: sudo\\nVersion: %s\\nArchitecture: %s\\nMaintainer: Lab <lab@lab.example>\\nFilename: pool/sudo.deb\\nSize: 1\\nSHA256: %s\\nDescription: lab\\n' "${version}" "$arch" "$(printf 0%.0s $(seq 64))" > $dist/main/binary-$arch/Packages
printf 'Origin: Lab\\nLabel: Lab\\nSuite: lab-security\\nCodename: lab-security\\nArchitectures: %s\\nComponents: main\\nDate: %s\\nSHA256:\\n %s %s main/binary-%s/Packages\\n' "$arch" "$(date -Ru | sed 's/+0000/UTC/')" "$(sha256sum < $dist/main/binary-$arch/Packages | cut -d' ' -f1)" "$(stat -c %s $dist/main/binary-$arch/Packages)" "$arch" > $dist/Release
echo 'deb [trusted=yes] file:/srv/archive lab-security main' > /etc/apt/sources.list
apt-get -qq -o APT::Sandbox::User=root -o APT::Update::Post-Invoke= update
`;

const supervised = (programs: string) => `
mkdir -p /etc/supervisor/conf.d /var/log/supervisor; rm -f /etc/supervisor/conf.d/*
cat > /etc/supervisor/conf.d/lab.conf <<'PROGRAMS'
${programs}
PROGRAMS
supervisord -c /etc/supervisor/supervisord.conf
`;

const rsyslog = (action: string) => `
rm -rf /etc/rsyslog.d/*
printf '%s\\n' 'module(load="imfile")' 'input(type="imfile" File="/var/log/sshd.log" Tag="sshd")' '$IncludeConfig /etc/rsyslog.d/*.conf' > /etc/rsyslog.conf
echo '${action}' > /etc/rsyslog.d/90-forward.conf
rsyslogd -i /run/rsyslogd.pid
`;

const swaps = (line: string) => `
printf 'Filename\\t\\t\\t\\tType\\t\\tSize\\t\\tUsed\\t\\tPriority\\n${line}\\n' > /run/swaps; mount --bind /run/swaps /proc/swaps
mount -t tmpfs tmpfs /sys/class/block; mkdir -p /sys/class/block/vdz9 /sys/class/block/dm-9/dm
echo CRYPT-PLAIN-swap > /sys/class/block/dm-9/dm/uuid; touch /dev/shm/.lab 2>/dev/null; rm -f /dev/shm/.lab
`;

export const badState = `
${archive('999:1.0')}
${SYSCTL_RULES.filter((rule) => rule.key === 'kernel.randomize_va_space')
  .map((rule) => shown(`/proc/sys/${rule.key.replaceAll('.', '/')}`, '0'))
  .join('')}
${shown('/proc/modules', 'dccp 16384 0 - Live 0x0000000000000000')}
mount -t tmpfs tmpfs /sys/module; mkdir -p /sys/module/apparmor/parameters; echo N > /sys/module/apparmor/parameters/enabled
rm -f /etc/os-release; printf 'PRETTY_NAME="Debian GNU/Linux 10 (buster)"\\nID=debian\\nVERSION_ID="10"\\n' > /etc/os-release
useradd -m -p '$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/' legacy
mkdir -p /etc/cron.d; echo '0 3 * * * root /opt/backup.sh' > /etc/cron.d/backup; chmod 666 /etc/cron.d/backup
mkdir -p /var/lib/full /var/lib/crowded /srv/upload /opt
mount -t tmpfs -o size=1m tmpfs /var/lib/full; head -c 1048576 /dev/zero > /var/lib/full/log || :
mount -t tmpfs -o nr_inodes=20 tmpfs /var/lib/crowded; for i in $(seq 30); do touch /var/lib/crowded/$i 2>/dev/null || :; done
cp /bin/bash /opt/rootsh; chmod 4755 /opt/rootsh
echo 'true' > /opt/backup.sh; chmod 777 /opt/backup.sh; chmod 777 /srv/upload
rm -f /etc/cron.daily/logrotate /etc/logrotate.conf /etc/systemd/system/*.wants/logrotate.timer
rm -f /etc/security/limits.d/*; sed -i '/core/d' /etc/security/limits.conf
mkdir -p /etc/ssl/private; echo key > /etc/ssl/private/shop.key; chmod 644 /etc/ssl/private/shop.key
mount -t tmpfs tmpfs /boot; touch /run/reboot-required; echo linux-image-amd64 > /run/reboot-required.pkgs
rm -f /etc/apt/apt.conf.d/20auto-upgrades
${swaps('/dev/vdz9                              partition\\t8388604\\t\\t0\\t\\t-2')}
${rsyslog('auth.* @127.0.0.1:514')}
${supervised(`[program:crash]
command=/bin/false
startretries=1
[program:byhand]
command=/bin/sleep infinity
autorestart=false
[program:hasty]
command=/bin/sleep infinity
stopwaitsecs=1`)}
mkdir -p /run/systemd/system
${recorded('systemctl', `case "$*" in is-system-running) echo degraded; exit 1 ;; --failed*) echo 'backup.service loaded failed failed Nightly backup' ;; esac`)}
${recorded('timedatectl', "printf 'Timezone=Etc/UTC\\nLocalRTC=no\\nCanNTP=yes\\nNTP=no\\nNTPSynchronized=no\\n'")}
${recorded('date', 'if [ "$*" = +%s ]; then echo $(($(/usr/bin/date +%s) - 3600)); else exec /usr/bin/date "$@"; fi')}
`;

export const goodState = `
${archive('0.0.1')}
${SYSCTL_RULES.map((rule) => shown(`/proc/sys/${rule.key.replaceAll('.', '/')}`, rule.good[0] ?? '')).join('')}
${shown('/proc/modules', 'ext4 1011712 1 - Live 0x0000000000000000')}
mount -t tmpfs tmpfs /sys/module; mkdir -p /sys/module/apparmor/parameters; echo Y > /sys/module/apparmor/parameters/enabled
for name in $(awk -F: '$7 !~ /(nologin|false|sync|halt|shutdown)$/ { print $1 }' /etc/passwd | grep -vE '^(root|audit)$'); do usermod -s /usr/sbin/nologin "$name"; done
mount -o remount,nosuid,nodev,noexec /tmp; mount -o remount,bind,nosuid,nodev,noexec /dev/shm
mkdir -p /etc/cron.d /etc/cron.daily; chown root:root /etc/cron.d; chmod 755 /etc/cron.d
find / -xdev '(' -type f -o -type d '!' -perm -1000 ')' -perm -0002 -exec chmod o-w {} +
for f in logrotate unattended-upgrade; do command -v $f >/dev/null || { printf '#!/bin/sh\\n' > /usr/sbin/$f; chmod 755 /usr/sbin/$f; }; done
echo weekly > /etc/logrotate.conf; printf '#!/bin/sh\\n' > /etc/cron.daily/logrotate
echo '* hard core 0' >> /etc/security/limits.conf
mkdir -p /etc/ssl/private; echo key > /etc/ssl/private/shop.key; chmod 600 /etc/ssl/private/shop.key
mount -t tmpfs tmpfs /boot
printf 'APT::Periodic::Update-Package-Lists "1";\\nAPT::Periodic::Unattended-Upgrade "1";\\n' > /etc/apt/apt.conf.d/20auto-upgrades
mkdir -p /etc/systemd/system/timers.target.wants /var/lib/apt/periodic
ln -sf /lib/systemd/system/apt-daily.timer /etc/systemd/system/timers.target.wants/apt-daily.timer
ln -sf /lib/systemd/system/apt-daily-upgrade.timer /etc/systemd/system/timers.target.wants/apt-daily-upgrade.timer
touch /var/lib/apt/periodic/unattended-upgrades-stamp /var/lib/apt/periodic/update-success-stamp
${swaps('/dev/dm-9                               partition\\t8388604\\t\\t0\\t\\t-2')}
${rsyslog('action(type="omfwd" target="10.77.255.9" port="6514" protocol="tcp")')}
${supervised(`[program:web]
command=/bin/sleep infinity
startsecs=0`)}
${daemon('auditd')}${daemon('systemd-timesyncd')}
${recorded('auditctl', `case "$1" in -s) printf 'enabled 1\\nfailure 1\\npid 412\\nrate_limit 0\\nbacklog_limit 8192\\nlost 0\\nbacklog 0\\n' ;; -l) printf -- '-w /etc/passwd -p wa -k identity\\n-w /etc/shadow -p wa -k identity\\n' ;; esac`)}
mkdir -p /run/systemd/system
${recorded('systemctl', 'case "$*" in is-system-running) echo running ;; esac')}
${recorded('timedatectl', "printf 'Timezone=Etc/UTC\\nLocalRTC=no\\nCanNTP=yes\\nNTP=yes\\nNTPSynchronized=yes\\n'")}
`;
