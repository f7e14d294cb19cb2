using System.Globalization;
using System.Net;
using Pm.Repositories.Serving;

namespace Pm.Daemon.Settings;

/// <summary>Every setting. One that is not here does not exist.</summary>
static class SettingTable
{
    /// <summary>The directories, apart by colons, when none is named on the line.</summary>
    public const string DirectoriesVariable = "PM_SERVE";

    /// <summary>Names the file of settings, which is no setting itself.</summary>
    public const string FileFlag = "--config";

    public const string FileVariable = "PM_SERVE_CONFIG";

    /// <summary>In place of a file: not even the machine's.</summary>
    public const string NoFile = "none";

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
        new("--max-connections", "PM_MAX_CONNECTIONS", "N", "connections at one time (10000, or what half of `ulimit -n` allows)", (s, v, _) => s with { MaximumConnections = Number(v, "--max-connections", 1, 1_000_000) }),
        new("--max-client-connections", "PM_MAX_CLIENT_CONNECTIONS", "N", "of these from one address, where it is no --trusted-proxy (three quarters)",
            (s, v, _) => s with { MaximumClientConnections = Number(v, "--max-client-connections", 1, 1_000_000) }),
        new("--header-timeout", "PM_HEADER_TIMEOUT", "SECONDS", "for the head of a request (15)", (s, v, _) => s with { HeaderTimeout = Seconds(v, "--header-timeout") }),
        new("--idle-timeout", "PM_IDLE_TIMEOUT", "SECONDS", "between the requests of a connection (75)", (s, v, _) => s with { IdleTimeout = Seconds(v, "--idle-timeout") }),
        new("--min-rate", "PM_MIN_RATE", "BYTES", "slower clients are cut off, in bytes a second (240; 0: never)", (s, v, _) => s with { MinimumRate = Number(v, "--min-rate", 0, 1_000_000_000) }),
        new("--max-upload", "PM_MAX_UPLOAD", "SIZE", "of one package that is published over the network (4G)",
            (s, v, _) => s with { Uploads = s.Uploads with { PackageSize = Size(v, "--max-upload") } }),
        new("--max-staged", "PM_MAX_STAGED", "SIZE", "of all uploads that are not published yet, in each repository; one token has three quarters of it (32G)",
            (s, v, _) => s with { Uploads = s.Uploads with { StagedSize = Size(v, "--max-staged") } }),
        new("--token-guesses", "PM_TOKEN_GUESSES", "N", "tokens that do not exist, from one address in a minute (20)",
            (s, v, _) => s with { TokenGuesses = Number(v, "--token-guesses", 1, 1_000_000) }),
        new("--token-requests", "PM_TOKEN_REQUESTS", "N", "requests with one token in a minute (1200)",
            (s, v, _) => s with { TokenRequests = Number(v, "--token-requests", 1, 1_000_000) }),
        new("--stop-timeout", "PM_STOP_TIMEOUT", "SECONDS", "for the requests in flight when told to stop (30)", (s, v, _) => s with { StopTimeout = Seconds(v, "--stop-timeout") }),
    ];

    static TimeSpan Seconds(string value, string flag) => TimeSpan.FromSeconds(Number(value, flag, 1, 86_400));

    /// <summary><c>500M</c>: bytes, or K, M, G, T of 1024.</summary>
    static long Size(string value, string flag)
    {
        var shift = value.Length == 0 ? 0 : value[^1] switch { 'K' => 10, 'M' => 20, 'G' => 30, 'T' => 40, _ => 0 };
        return long.TryParse(shift == 0 ? value : value[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number > 0 && number <= long.MaxValue >> shift
                ? number << shift
                : throw new DaemonException(DaemonException.UsageExit, "PM5206", $"{flag}: expected a size like 500M or 4G, got `{value}`");
    }

    static IPAddress Address(string value) => IPAddress.TryParse(value, out var address)
        ? address
        : throw new DaemonException(DaemonException.UsageExit, "PM5206", $"--trusted-proxy: expected an IP address, got `{value}`");

    static int Number(string value, string flag, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new DaemonException(DaemonException.UsageExit, "PM5206", $"{flag}: expected a number from {least} to {most}, got `{value}`");
}
