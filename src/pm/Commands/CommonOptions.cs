namespace Pm.Cli.Commands;

/// <summary>The options that several commands share. Every command has <c>--help -q --color</c>.</summary>
[Flags]
enum CommonOptions
{
    None = 0,

    /// <summary><c>--json</c></summary>
    Json = 1,

    /// <summary><c>--root DIR</c></summary>
    Root = 2,

    /// <summary><c>-n, --dry-run</c></summary>
    DryRun = 4,

    /// <summary><c>-y, --yes</c> and <c>--no-input</c></summary>
    Confirm = 8,

    /// <summary><c>--progress STYLE</c></summary>
    Progress = 16,

    /// <summary><c>--lock-timeout TIME</c></summary>
    LockTimeout = 32,

    /// <summary><c>--offline</c></summary>
    Offline = 64,

    /// <summary><c>--proxy PROXY</c>, <c>--ca-file FILE</c>, <c>--jobs N</c> and <c>-v, --verbose</c></summary>
    Network = 128,

    /// <summary><c>--project DIR</c></summary>
    Project = 256,

    /// <summary><c>--minimum-age TIME</c></summary>
    MinimumAge = 512,

    /// <summary>What a verb that only looks at a root takes.</summary>
    Reads = Json | Root,

    /// <summary>What a verb that changes a root takes.</summary>
    Changes = Json | Root | DryRun | Confirm | Progress | LockTimeout,
}
