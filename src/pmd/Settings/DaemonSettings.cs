using System.Collections.Immutable;
using System.Net;
using Pm.Repositories.Serving;
using Pm.Repositories.Uploads;

namespace Pm.Daemon.Settings;

/// <summary>How the daemon is to run: flags, then <c>PM_*</c> variables, then a file, then these defaults.</summary>
sealed record DaemonSettings
{
    /// <summary>As <see cref="Pm.Repositories.Serving.RepositorySet"/> takes them, absolute.</summary>
    public ImmutableArray<string> Directories { get; init; } = [];

    /// <summary>The file that was read; null: none.</summary>
    public SettingsFile? File { get; init; }

    /// <summary>What was said of each setting, wherever: to see what is another after a reload.</summary>
    public ImmutableArray<(string Key, string Text)> Given { get; init; } = [];

    /// <summary>Empty: <see cref="ListenAddress.Default"/>.</summary>
    public ImmutableArray<ListenAddress> Listen { get; init; } = [];

    /// <summary>PEM, the server's certificate first; null: no TLS.</summary>
    public string? TlsCertificate { get; init; }

    /// <summary>PEM, not encrypted.</summary>
    public string? TlsKey { get; init; }

    /// <summary>Gets one line for each address that is listened at, once it is.</summary>
    public string? PortFile { get; init; }

    /// <summary><c>stdout</c>, <c>stderr</c>, <c>none</c> or the absolute path of a file.</summary>
    public string AccessLog { get; init; } = "stdout";

    /// <summary>Peers whose <c>X-Forwarded-For</c> is believed; those of a unix socket always are.</summary>
    public ImmutableArray<IPAddress> TrustedProxies { get; init; } = [];

    /// <summary>Further connections are closed at once.</summary>
    public int MaximumConnections { get; init; } = 10_000;

    /// <summary>Of those, from one address; 0: three quarters.</summary>
    public int MaximumClientConnections { get; init; }

    /// <summary>What <see cref="MaximumClientConnections"/> comes to.</summary>
    public int ClientConnections => MaximumClientConnections > 0 ? MaximumClientConnections : AddressShares.ShareOf(MaximumConnections);

    /// <summary>For the head of a request.</summary>
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Between requests of a connection.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(75);

    /// <summary>Bytes a second, in either direction, below which a client is cut off; 0: none.</summary>
    public int MinimumRate { get; init; } = 240;

    /// <summary>What strangers with a token may lay down.</summary>
    public UploadLimits Uploads { get; init; } = new();

    /// <summary>Tokens that do not exist, an address a minute.</summary>
    public int TokenGuesses { get; init; } = 20;

    /// <summary>Requests with one token a minute.</summary>
    public int TokenRequests { get; init; } = 1200;

    /// <summary>For requests that are being answered when the daemon is told to stop.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
