namespace Pm.Stages.Building;

/// <summary>How packages are built here.</summary>
public sealed record BuildOptions
{
    /// <summary>Where what was built is kept, by the hash of what it was built of; absolute, made when it is needed.</summary>
    public required string Cache { get; init; }

    /// <summary>What was not used for <see cref="PackageBuild.KeptFor"/> before this leaves the cache.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>What is in the cache is built again.</summary>
    public bool IsFresh { get; init; }

    /// <summary>The scratch directory stays when the build ends, until the next of the same package.</summary>
    public bool Keeps { get; init; }

    /// <summary>What the build of a project needs besides other members of its workspace; null: that is not known, or not there.</summary>
    public Func<BuildProject, IReadOnlyList<BuildDependency>?> Dependencies { get; init; } = _ => null;

    public StageObserver Observer { get; init; } = StageObserver.None;

    /// <summary>The environment of pm, of which a build gets nothing; <c>PM_BUILD_PATH</c> is put before its search path.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Commands that a build may run at once; 0: as many as there are processors.</summary>
    public int Jobs { get; init; }

    /// <summary>The commands of one package together may take so long.</summary>
    public TimeSpan TimeLimit { get; init; } = PackageBuild.UsualTimeLimit;

    /// <summary>The types of the kernel that eBPF programs are compiled for, absolute; null: those of this one.</summary>
    public string? TypesPath { get; init; }

    /// <summary>
    /// Where the scratch directories are, absolute. They are named by the package alone, since compilers write paths into what they make:
    /// so these are the same on every machine.
    /// </summary>
    public string Scratch { get; init; } = "/var/tmp";
}
