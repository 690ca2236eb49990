/**
 * Bash that makes a host what it is. Runs as root inside the host, whose files are its own. It opens with a guard: none of
 * this may ever run on the machine itself.
 */
export const PROFILES = {
  /** The account that audits, with a key; "*" because sshd without PAM takes "!" for a locked account. */
  common: (publicKey: string) => `
[ -e /run/seaworthy-lab-host ] || { echo "this is no host of the lab" >&2; exit 1; }
useradd -m -s /bin/bash audit
usermod -p '*' audit
mkdir -p /home/audit/.ssh
echo '${publicKey}' > /home/audit/.ssh/authorized_keys
chown -R audit: /home/audit/.ssh; chmod 700 /home/audit/.ssh; chmod 600 /home/audit/.ssh/authorized_keys
mkdir -p /etc/sudoers.d; rm -rf /etc/sudoers.d/*; chmod 750 /etc/sudoers.d
rm -f /etc/ssh/ssh_host_* /etc/ssh/sshd_config.d/*
rm -f /etc/systemd/system/*.wants/firewalld.service
`,

  bare: '',

  neglected: `
echo root:hunter2 | chpasswd
useradd -m -s /bin/bash guest
passwd -q -d guest
useradd -o -u 0 -g 0 -M -d /root -s /bin/bash toor
echo 'ALL ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/all; chmod 440 /etc/sudoers.d/all
ssh-keygen -q -t rsa -b 1024 -N '' -f /etc/ssh/ssh_host_rsa_key
ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
cat > /etc/ssh/sshd_config <<'CONFIG'
Include /etc/ssh/sshd_config.d/*.conf
HostKey /etc/ssh/ssh_host_rsa_key
HostKey /etc/ssh/ssh_host_ed25519_key
RequiredRSASize 1024
PermitRootLogin yes
PasswordAuthentication no
PermitEmptyPasswords yes
LoginGraceTime 0
MaxAuthTries 20
MaxStartups 100
X11Forwarding yes
PermitTunnel yes
PermitUserEnvironment yes
HostbasedAuthentication yes
StrictModes no
UsePAM no
KexAlgorithms +diffie-hellman-group1-sha1,diffie-hellman-group14-sha1
Ciphers +3des-cbc,aes128-cbc
MACs +hmac-md5,hmac-sha1-96
HostKeyAlgorithms +ssh-rsa
Match User deploy
  AllowTcpForwarding no
CONFIG
# First match wins: what cloud-init leaves behind beats the "no" of the main file.
echo 'PasswordAuthentication yes' > /etc/ssh/sshd_config.d/50-cloud-init.conf
/usr/sbin/sshd -E /var/log/sshd.log
`,

  hardened: `
echo 'audit ALL=(root) NOPASSWD: ALL' > /etc/sudoers.d/audit; chmod 440 /etc/sudoers.d/audit
for name in $(awk -F: '$2 == "" { print $1 }' /etc/shadow); do usermod -p '!' "$name"; done
ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
cat > /etc/ssh/sshd_config <<'CONFIG'
Include /etc/ssh/sshd_config.d/*.conf
HostKey /etc/ssh/ssh_host_ed25519_key
PermitRootLogin no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitEmptyPasswords no
AllowUsers audit
LoginGraceTime 30
MaxAuthTries 3
MaxSessions 4
MaxStartups 10:30:60
ClientAliveInterval 120
ClientAliveCountMax 3
X11Forwarding no
AllowAgentForwarding no
AllowTcpForwarding no
PermitTunnel no
PermitUserEnvironment no
StrictModes yes
UsePAM no
RequiredRSASize 3072
Banner none
KexAlgorithms sntrup761x25519-sha512@openssh.com,curve25519-sha256,curve25519-sha256@libssh.org
Ciphers chacha20-poly1305@openssh.com,aes256-gcm@openssh.com,aes128-gcm@openssh.com
MACs hmac-sha2-512-etm@openssh.com,hmac-sha2-256-etm@openssh.com
HostKeyAlgorithms ssh-ed25519
CONFIG
/usr/sbin/sshd -E /var/log/sshd.log
cat > /etc/nftables.conf <<'RULES'
flush ruleset
table inet filter {
  chain input {
    type filter hook input priority 0; policy drop;
    ct state established,related accept
    ct state invalid drop
    iif lo accept
    meta l4proto { icmp, ipv6-icmp } accept
    tcp dport { 22 } ct state new accept
  }
  chain forward { type filter hook forward priority 0; policy drop; }
}
RULES
nft -f /etc/nftables.conf
`,
} as const;
