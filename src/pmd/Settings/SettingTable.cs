using System.Globalization;
using System.Net;

namespace Pm.Daemon.Settings;

/// <summary>Every setting. One that is not here does not exist.</summary>
static class SettingTable
{
    /// <summary>The directories, apart by colons, when none is named on the line.</summary>
    public const string DirectoriesVariable = "PM_SERVE";

    public static IReadOnlyList<Setting> All { get; } =
    [
        new("--listen", "PM_LISTEN", "HOST:PORT|unix:PATH", "where to listen (localhost:8083); `*` for every address, port 0 for a free one",
            (s, v, c) => s with { Listen = [.. s.Listen, ListenAddress.Parse(v, c.FullPath)] })
        { IsRepeatable = true },
        new("--tls-certificate", "PM_TLS_CERTIFICATE", "FILE", "serve TLS with this PEM certificate, its chain after it", (s, v, c) => s with { TlsCertificate = c.FullPath(v) }),
        new("--tls-key", "PM_TLS_KEY", "FILE", "the certificate's PEM key", (s, v, c) => s with { TlsKey = c.FullPath(v) }),
        new("--port-file", "PM_PORT_FILE", "FILE", "write the addresses that are listened at there, one a line, once they are", (s, v, c) => s with { PortFile = c.FullPath(v) }),
        new("--access-log", "PM_ACCESS_LOG", "stdout|stderr|none|FILE", "one line for each request (stdout); a file is opened again at SIGHUP",
            (s, v, c) => s with { AccessLog = v is "stdout" or "stderr" or "none" ? v : c.FullPath(v) }),
        new("--trusted-proxy", "PM_TRUSTED_PROXY", "ADDRESS", "believe the X-Forwarded-For and -Proto of this proxy; of one at a unix socket they are",
            (s, v, _) => s with { TrustedProxies = s.TrustedProxies.Add(Address(v)) })
        { IsRepeatable = true },
        new("--max-connections", "PM_MAX_CONNECTIONS", "N", "connections at one time (10000)", (s, v, _) => s with { MaximumConnections = Number(v, "--max-connections", 1, 1_000_000) }),
        new("--header-timeout", "PM_HEADER_TIMEOUT", "SECONDS", "for the head of a request (15)", (s, v, _) => s with { HeaderTimeout = Seconds(v, "--header-timeout") }),
        new("--idle-timeout", "PM_IDLE_TIMEOUT", "SECONDS", "between the requests of a connection (75)", (s, v, _) => s with { IdleTimeout = Seconds(v, "--idle-timeout") }),
        new("--min-rate", "PM_MIN_RATE", "BYTES", "slower clients are cut off, in bytes a second (240; 0: never)", (s, v, _) => s with { MinimumRate = Number(v, "--min-rate", 0, 1_000_000_000) }),
        new("--stop-timeout", "PM_STOP_TIMEOUT", "SECONDS", "for the requests in flight when told to stop (30)", (s, v, _) => s with { StopTimeout = Seconds(v, "--stop-timeout") }),
    ];

    static TimeSpan Seconds(string value, string flag) => TimeSpan.FromSeconds(Number(value, flag, 1, 86_400));

    static IPAddress Address(string value) => IPAddress.TryParse(value, out var address)
        ? address
        : throw new DaemonException(DaemonException.UsageExit, "PM5206", $"--trusted-proxy: expected an IP address, got `{value}`");

    static int Number(string value, string flag, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new DaemonException(DaemonException.UsageExit, "PM5206", $"{flag}: expected a number from {least} to {most}, got `{value}`");
}
