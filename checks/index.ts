import type { Check } from '../src/core/check.ts';
import backupFreshness from './backup/freshness.ts';
import backupNeverRan from './backup/never-ran.ts';
import backupSize from './backup/size.ts';
import dnsCaa from './dns/caa.ts';
import dnsDanglingCname from './dns/dangling-cname.ts';
import dnsDmarc from './dns/dmarc.ts';
import dnsDnssec from './dns/dnssec.ts';
import dnsIpv6Parity from './dns/ipv6-parity.ts';
import dnsMtaSts from './dns/mta-sts.ts';
import dnsSpf from './dns/spf.ts';
import firewallActive from './firewall/active.ts';
import firewallConntrackLoopback from './firewall/conntrack-loopback.ts';
import firewallDefaultDeny from './firewall/default-deny.ts';
import firewallDockerBypass from './firewall/docker-bypass.ts';
import firewallExposedPorts from './firewall/exposed-ports.ts';
import firewallFail2ban from './firewall/fail2ban.ts';
import firewallForwarding from './firewall/forwarding.ts';
import firewallIpv6Parity from './firewall/ipv6-parity.ts';
import firewallListening from './firewall/listening.ts';
import firewallMissingService from './firewall/missing-service.ts';
import firewallPersistent from './firewall/persistent.ts';
import firewallRateLimit from './firewall/rate-limit.ts';
import headersAddressConsistency from './headers/address-consistency.ts';
import headersContentTypeOptions from './headers/content-type-options.ts';
import headersCookies from './headers/cookies.ts';
import headersCors from './headers/cors.ts';
import headersCrossOriginIsolation from './headers/cross-origin-isolation.ts';
import headersCsp from './headers/csp.ts';
import headersCspBaseUri from './headers/csp-base-uri.ts';
import headersCspFormAction from './headers/csp-form-action.ts';
import headersCspObjectSrc from './headers/csp-object-src.ts';
import headersDeprecated from './headers/deprecated.ts';
import headersDisclosure from './headers/disclosure.ts';
import headersErrorPages from './headers/error-pages.ts';
import headersFrameProtection from './headers/frame-protection.ts';
import headersHsts from './headers/hsts.ts';
import headersHstsPreload from './headers/hsts-preload.ts';
import headersHttpsRedirect from './headers/https-redirect.ts';
import headersMixedContent from './headers/mixed-content.ts';
import headersObservatory from './headers/observatory.ts';
import headersPermissionsPolicy from './headers/permissions-policy.ts';
import headersReferrerPolicy from './headers/referrer-policy.ts';
import headersSecurityTxt from './headers/security-txt.ts';
import headersSri from './headers/sri.ts';
import hostAccounts from './host/accounts.ts';
import hostApparmor from './host/apparmor.ts';
import hostAuditLogging from './host/audit-logging.ts';
import hostAutomaticUpdates from './host/automatic-updates.ts';
import hostClockSkew from './host/clock-skew.ts';
import hostCoreDumps from './host/core-dumps.ts';
import hostCronPermissions from './host/cron-permissions.ts';
import hostDisk from './host/disk.ts';
import hostEmptyPasswords from './host/empty-passwords.ts';
import hostFailedUnits from './host/failed-units.ts';
import hostInodes from './host/inodes.ts';
import hostKernelModules from './host/kernel-modules.ts';
import hostLogRotation from './host/log-rotation.ts';
import hostLogShipping from './host/log-shipping.ts';
import hostMountOptions from './host/mount-options.ts';
import hostOsSupported from './host/os-supported.ts';
import hostPasswordHashing from './host/password-hashing.ts';
import hostPlainEnvSecrets from './host/plain-env-secrets.ts';
import hostRebootRequired from './host/reboot-required.ts';
import hostSecurityUpdates from './host/security-updates.ts';
import hostSudoNopasswd from './host/sudo-nopasswd.ts';
import hostSuid from './host/suid.ts';
import hostSupervisor from './host/supervisor.ts';
import hostSwapEncryption from './host/swap-encryption.ts';
import hostSysctl from './host/sysctl.ts';
import hostTimeSync from './host/time-sync.ts';
import hostTlsKeyPermissions from './host/tls-key-permissions.ts';
import hostUid0 from './host/uid0.ts';
import hostWorldWritable from './host/world-writable.ts';
import pipelineExists from './pipeline/exists.ts';
import secretsExposedFiles from './secrets/exposed-files.ts';
import secretsHistory from './secrets/history.ts';
import secretsHostFiles from './secrets/host-files.ts';
import secretsLadder from './secrets/ladder.ts';
import secretsRepository from './secrets/repository.ts';
import secretsServedCode from './secrets/served-code.ts';
import secretsStaged from './secrets/staged.ts';
import sshAgentForwarding from './ssh/agent-forwarding.ts';
import sshAllowList from './ssh/allow-list.ts';
import sshAuthMethods from './ssh/auth-methods.ts';
import sshAuthorizedKeys from './ssh/authorized-keys.ts';
import sshBanner from './ssh/banner.ts';
import sshCiphers from './ssh/ciphers.ts';
import sshDhGroups from './ssh/dh-groups.ts';
import sshEffectiveConfig from './ssh/effective-config.ts';
import sshEmptyPasswords from './ssh/empty-passwords.ts';
import sshHostBasedAuth from './ssh/host-based-auth.ts';
import sshHostKeyAlgorithms from './ssh/host-key-algorithms.ts';
import sshHostKeyPinned from './ssh/host-key-pinned.ts';
import sshHostKeys from './ssh/host-keys.ts';
import sshIdleTimeout from './ssh/idle-timeout.ts';
import sshKex from './ssh/kex.ts';
import sshLoginGrace from './ssh/login-grace.ts';
import sshMacs from './ssh/macs.ts';
import sshMaxAuthTries from './ssh/max-auth-tries.ts';
import sshMaxStartups from './ssh/max-startups.ts';
import sshPasswordAuthentication from './ssh/password-authentication.ts';
import sshPostQuantumKex from './ssh/post-quantum-kex.ts';
import sshProtocolBanner from './ssh/protocol-banner.ts';
import sshRootLogin from './ssh/root-login.ts';
import sshStrictModes from './ssh/strict-modes.ts';
import sshTcpForwarding from './ssh/tcp-forwarding.ts';
import sshTerrapin from './ssh/terrapin.ts';
import sshTunnel from './ssh/tunnel.ts';
import sshUserEnvironment from './ssh/user-environment.ts';
import sshX11Forwarding from './ssh/x11-forwarding.ts';
import tlsAddressConsistency from './tls/address-consistency.ts';
import tlsAead from './tls/aead.ts';
import tlsAlpn from './tls/alpn.ts';
import tlsCcsInjection from './tls/ccs-injection.ts';
import tlsCertificateExpiry from './tls/certificate-expiry.ts';
import tlsCertificateKey from './tls/certificate-key.ts';
import tlsCertificateLifetime from './tls/certificate-lifetime.ts';
import tlsCertificateName from './tls/certificate-name.ts';
import tlsCertificateSignature from './tls/certificate-signature.ts';
import tlsCertificateTransparency from './tls/certificate-transparency.ts';
import tlsCertificateTrust from './tls/certificate-trust.ts';
import tlsChain from './tls/chain.ts';
import tlsCipherOrder from './tls/cipher-order.ts';
import tlsCiphers from './tls/ciphers.ts';
import tlsCompression from './tls/compression.ts';
import tlsDhParams from './tls/dh-params.ts';
import tlsDrown from './tls/drown.ts';
import tlsEarlyData from './tls/early-data.ts';
import tlsEch from './tls/ech.ts';
import tlsEms from './tls/ems.ts';
import tlsFallbackScsv from './tls/fallback-scsv.ts';
import tlsForwardSecrecy from './tls/forward-secrecy.ts';
import tlsFreak from './tls/freak.ts';
import tlsGroups from './tls/groups.ts';
import tlsHeartbleed from './tls/heartbleed.ts';
import tlsIntolerance from './tls/intolerance.ts';
import tlsMozillaProfile from './tls/mozilla-profile.ts';
import tlsOcspStapling from './tls/ocsp-stapling.ts';
import tlsPoodle from './tls/poodle.ts';
import tlsPostQuantum from './tls/post-quantum.ts';
import tlsProtocols from './tls/protocols.ts';
import tlsRating from './tls/rating.ts';
import tlsRenegotiation from './tls/renegotiation.ts';
import tlsSessionResumption from './tls/session-resumption.ts';
import tlsSignatureAlgorithms from './tls/signature-algorithms.ts';
import tlsSweet32 from './tls/sweet32.ts';
import tlsTicketbleed from './tls/ticketbleed.ts';
import tlsTls13 from './tls/tls13.ts';
import uptimeAvailability from './uptime/availability.ts';
import uptimeLatency from './uptime/latency.ts';
import uptimeObserver from './uptime/observer.ts';

/** The register: one line per check. `npm run new:check` adds one. */
export const CHECKS: readonly Check[] = [
  backupFreshness,
  backupNeverRan,
  backupSize,
  dnsCaa,
  dnsDanglingCname,
  dnsDmarc,
  dnsDnssec,
  dnsIpv6Parity,
  dnsMtaSts,
  dnsSpf,
  firewallActive,
  firewallConntrackLoopback,
  firewallDefaultDeny,
  firewallDockerBypass,
  firewallExposedPorts,
  firewallFail2ban,
  firewallForwarding,
  firewallIpv6Parity,
  firewallListening,
  firewallMissingService,
  firewallPersistent,
  firewallRateLimit,
  headersAddressConsistency,
  headersContentTypeOptions,
  headersCookies,
  headersCors,
  headersCrossOriginIsolation,
  headersCspBaseUri,
  headersCspFormAction,
  headersCspObjectSrc,
  headersCsp,
  headersDeprecated,
  headersDisclosure,
  headersErrorPages,
  headersFrameProtection,
  headersHstsPreload,
  headersHsts,
  headersHttpsRedirect,
  headersMixedContent,
  headersObservatory,
  headersPermissionsPolicy,
  headersReferrerPolicy,
  headersSecurityTxt,
  headersSri,
  hostAccounts,
  hostApparmor,
  hostAutomaticUpdates,
  hostClockSkew,
  hostCoreDumps,
  hostCronPermissions,
  hostDisk,
  hostEmptyPasswords,
  hostFailedUnits,
  hostInodes,
  hostKernelModules,
  hostLogRotation,
  hostMountOptions,
  hostOsSupported,
  hostPasswordHashing,
  hostPlainEnvSecrets,
  hostRebootRequired,
  hostSecurityUpdates,
  hostSudoNopasswd,
  hostSysctl,
  hostTimeSync,
  hostTlsKeyPermissions,
  hostUid0,
  hostAuditLogging,
  hostLogShipping,
  hostSuid,
  hostSupervisor,
  hostSwapEncryption,
  hostWorldWritable,
  pipelineExists,
  secretsExposedFiles,
  secretsHistory,
  secretsHostFiles,
  secretsLadder,
  secretsRepository,
  secretsServedCode,
  secretsStaged,
  sshAgentForwarding,
  sshAllowList,
  sshAuthMethods,
  sshAuthorizedKeys,
  sshBanner,
  sshCiphers,
  sshDhGroups,
  sshEffectiveConfig,
  sshEmptyPasswords,
  sshHostBasedAuth,
  sshHostKeyAlgorithms,
  sshHostKeyPinned,
  sshHostKeys,
  sshIdleTimeout,
  sshKex,
  sshLoginGrace,
  sshMacs,
  sshMaxAuthTries,
  sshMaxStartups,
  sshPasswordAuthentication,
  sshPostQuantumKex,
  sshProtocolBanner,
  sshRootLogin,
  sshStrictModes,
  sshTcpForwarding,
  sshTerrapin,
  sshTunnel,
  sshUserEnvironment,
  sshX11Forwarding,
  tlsAddressConsistency,
  tlsAead,
  tlsAlpn,
  tlsCertificateExpiry,
  tlsCertificateKey,
  tlsCertificateLifetime,
  tlsCertificateName,
  tlsCertificateSignature,
  tlsCertificateTransparency,
  tlsCertificateTrust,
  tlsChain,
  tlsCipherOrder,
  tlsCiphers,
  tlsCompression,
  tlsDhParams,
  tlsDrown,
  tlsEms,
  tlsFallbackScsv,
  tlsForwardSecrecy,
  tlsFreak,
  tlsGroups,
  tlsCcsInjection,
  tlsEarlyData,
  tlsEch,
  tlsTicketbleed,
  tlsHeartbleed,
  tlsIntolerance,
  tlsMozillaProfile,
  tlsOcspStapling,
  tlsPoodle,
  tlsPostQuantum,
  tlsProtocols,
  tlsRating,
  tlsRenegotiation,
  tlsSessionResumption,
  tlsSignatureAlgorithms,
  tlsSweet32,
  tlsTls13,
  uptimeAvailability,
  uptimeLatency,
  uptimeObserver,
];
