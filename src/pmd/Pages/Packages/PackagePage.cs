using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Pm.Packages;

namespace Pm.Daemon.Pages.Packages;

/// <summary>
/// <c>/p/NAMESPACE/NAME[@VERSION]</c>: what a package is, who stands behind it, what it would put where and what it would run.
/// </summary>
public sealed record PackagePage : Page
{
    internal override string Kind => "package";

    internal override string Title => $"{Name} {Version}";

    internal override Type View => typeof(PackageView);

    internal override string? Within => Repository;

    /// <summary>The namespace of its repository.</summary>
    public required string Repository { get; init; }

    public required PackageName Name { get; init; }

    public required PackageVersion Version { get; init; }

    /// <summary>The name for people.</summary>
    [JsonPropertyName("title")]
    public string? Heading { get; init; }

    public required string Description { get; init; }

    /// <summary>The command that installs what is shown.</summary>
    public required string Install { get; init; }

    /// <summary>The version that is newer than this one; absent where none is.</summary>
    public PackageVersion? Newer { get; init; }

    [JsonPropertyName("yanked")]
    public required bool IsYanked { get; init; }

    public string? YankReason { get; init; }

    public DateTimeOffset? Published { get; init; }

    /// <summary>Bytes of all its files.</summary>
    public long? Size { get; init; }

    public long? DownloadSize { get; init; }

    public required PackageTrust Trust { get; init; }

    public required PackageFacts Facts { get; init; }

    public required VersionList Versions { get; init; }

    public required DependencyList Dependencies { get; init; }

    /// <summary>Absent where they cannot be looked at: <see cref="Unopened"/> says why.</summary>
    public FileList? Files { get; init; }

    /// <summary>What runs at install, upgrade and removal.</summary>
    public ImmutableArray<ScriptText> Scripts { get; init; } = [];

    /// <summary>Why files and scripts are not shown.</summary>
    public string? Unopened { get; init; }

    internal override void WriteTo(Utf8JsonWriter json) => JsonSerializer.Serialize(json, this, PageJson.Default.PackagePage);
}
