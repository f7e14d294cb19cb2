using Pm.Packages.Manifests;
using Pm.Remotes.Http;
using Pm.Stages.Bundles;

namespace Pm.Stages.Sources;

/// <summary>How sources are reached, and how much they may cost.</summary>
public sealed record SourceOptions
{
    /// <summary>How HTTP is spoken; asked only when something is fetched.</summary>
    public Func<HttpSettings> Http { get; init; } = static () => new HttpSettings();

    /// <summary>Whether only what is in the cache is used.</summary>
    public bool IsOffline { get; init; }

    /// <summary>Told what is in hand now.</summary>
    public Action<string>? Working { get; init; }

    /// <summary>Told of each source that was not in the cache, once it is.</summary>
    public Action<PackageSource>? Fetched { get; init; }

    /// <summary>What is taken from before anybody is asked; null: nothing.</summary>
    public ProjectBundle? Supply { get; init; }

    /// <summary>Told of what a person should know though nothing failed.</summary>
    public Action<string>? Note { get; init; }

    /// <summary>The environment that <c>PATH</c>, <c>HOME</c> and what ssh needs are taken from.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>What waiting is measured with.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>After this a single run of git is ended.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>The most bytes that an archive, or what git fetches at a time, may have.</summary>
    public long FetchLimit { get; init; } = 4L << 30;

    /// <summary>The most bytes that the files of one source may have.</summary>
    public long ContentLimit { get; init; } = 16L << 30;

    /// <summary>The most files, links and directories that one source may have.</summary>
    public int EntryLimit { get; init; } = 250_000;
}
