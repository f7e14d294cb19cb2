using System.Collections.Immutable;
using Pm.Linux;
using Pm.Packages;
using Pm.Packages.Locks;
using Pm.Packages.Manifests;
using Pm.Packages.Toml;
using Pm.Packages.Versions;
using Pm.Stages.Building;

namespace Pm.Stages.Projects;

/// <summary>A directory with a manifest: what its author wrote, what was chosen for it, and where its packages lie.</summary>
public sealed class Project
{
    /// <summary>Everything that pm makes for a project but the lockfile: never part of a package, nothing for version control.</summary>
    public const string StateDirectory = ".pm";

    /// <summary>The name of the lockfile.</summary>
    public const string LockName = "pm.lock";

    Project(string directory, string manifestPath, Manifest manifest, Lockfile? locked) =>
        (Directory, ManifestPath, Manifest, Locked) = (directory, manifestPath, manifest, locked);

    /// <summary>Absolute.</summary>
    public string Directory { get; }

    /// <summary>Absolute.</summary>
    public string ManifestPath { get; }

    public Manifest Manifest { get; }

    /// <summary>The packages of its workspace, which are chosen for and installed together; none where it has none.</summary>
    /// <exception cref="StageException">PM73xx.</exception>
    public IReadOnlyList<BuildProject> Members => _members ??= [.. Workspace.Members(new BuildProject(Directory, Path.GetFileName(ManifestPath), Manifest), CancellationToken.None)
        .Where(m => m.Directory != Directory)];

    IReadOnlyList<BuildProject>? _members;

    /// <summary>What was chosen last; null: nothing yet.</summary>
    public Lockfile? Locked { get; }

    public string LockPath => Path.Join(Directory, LockName);

    /// <summary>The root that holds what the project and its dependencies share.</summary>
    public string RootPath => RootOf("");

    /// <summary>The name of its package; else of its directory.</summary>
    public string Name => Manifest.Package?.Name.Text ?? Path.GetFileName(Directory);

    /// <summary>Whether a directory has a manifest that is a project's for certain.</summary>
    public static bool IsAt(string directory) => ManifestFile.Find(directory) is not null;

    /// <summary>Reads the manifest and lockfile of a directory; null: there is no manifest.</summary>
    /// <param name="directory">Absolute.</param>
    /// <param name="shown">The directory as messages call it; "" for the working directory.</param>
    /// <exception cref="PackageFormatException">One of them cannot be read.</exception>
    public static Project? TryOpen(string directory, string shown = "")
    {
        if (ManifestFile.Find(directory) is not { } path || ManifestFile.TryRead(directory, shown) is not { } manifest)
        {
            return null;
        }

        using var handle = DirectoryHandle.Open(directory);
        var locked = handle.TryReadFile(LockName, Lockfile.MaximumSize) is { } bytes ? Lockfile.Parse(bytes, Path.Join(shown, LockName)) : null;
        return new Project(directory, path, manifest, locked);
    }

    /// <summary>A project that begins: without a manifest of its own so far, and nothing chosen.</summary>
    /// <param name="directory">Absolute.</param>
    public static Project Begin(string directory) => new(
        directory, Path.Join(directory, ManifestFile.Names[0]), Manifest.Parse(ReadOnlyMemory<byte>.Empty, ManifestFile.Names[0]), null);

    /// <summary>For changes of the manifest that leave what they do not touch as its author wrote it.</summary>
    public IDocumentEditor EditManifest() => Manifest.Edit(Manifest.Document.Bytes, Manifest.Document.File);

    /// <summary>The same with another manifest, which is not on disk yet.</summary>
    /// <exception cref="PackageFormatException">It is none.</exception>
    public Project With(ReadOnlyMemory<byte> manifest) =>
        new(Directory, ManifestPath, Manifest.IsJson(ManifestPath) ? Manifest.ParseJson(manifest, Manifest.Document.File) : Manifest.Parse(manifest, Manifest.Document.File), Locked);

    /// <summary>Writes the manifest, durably.</summary>
    public void SaveManifest()
    {
        using var handle = DirectoryHandle.Open(Directory);
        DurableFile.ClearLeft(handle, isAlone: false);
        DurableFile.Replace(ManifestPath, Manifest.Document.Bytes.Span);
    }

    /// <summary>The root in which the packages of a tree of the lockfile lie.</summary>
    public string RootOf(string tree) => RootOf(Directory, tree);

    /// <summary>The same of a project in a directory.</summary>
    public static string RootOf(string directory, string tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        return Path.Join(directory, StateDirectory, tree switch
        {
            "" => "",
            Lockfile.OwnTree => "own",
            _ => Path.Join("private", string.Join('@', tree.Split(" › ").Select(part => part.Replace("/", "--", StringComparison.Ordinal)))),
        }).TrimEnd('/');
    }

    /// <summary>All that the project needs by itself, and what its workspace makes.</summary>
    /// <param name="features">Of its own, besides the default ones.</param>
    /// <exception cref="PackageFormatException">PM2114: it has no such feature.</exception>
    public ImmutableArray<LockedWish> Wishes(IReadOnlyCollection<string> features) =>
        [.. FeatureChoice.Dependencies(Manifest, features).Select(d => new LockedWish(
            d.Scope is DependencyScope.Public ? "" : Lockfile.OwnTree, new LockedNeed(d.Name, d.Requirement, IsPrivate: false), d.Source))
            .Concat(Members.Select(m => new LockedWish("", new LockedNeed(m.Manifest.Package!.Name, VersionRequirement.Any, IsPrivate: false), SourceOf(m))))];

    /// <summary>The member of its workspace that makes a package; null: none does.</summary>
    public BuildProject? MemberOf(PackageName name) => Members.FirstOrDefault(m => m.Manifest.Package!.Name == name);

    /// <summary>What the project wants a package to come from, whoever needs it; null: it does not say. A member of its workspace comes from there.</summary>
    public PackageSource? PatchOf(PackageName name) =>
        Manifest.Patches.FirstOrDefault(p => p.Name == name)?.Source ?? (MemberOf(name) is { } member ? SourceOf(member) : null);

    /// <summary>A member of its workspace, as the lockfile writes it.</summary>
    public PathSource SourceOf(BuildProject member)
    {
        ArgumentNullException.ThrowIfNull(member);
        return new PathSource($"./{Path.GetRelativePath(Directory, member.Directory)}");
    }

    /// <summary>What of the lockfile no longer fits the manifest, in lines; all of it when there is none.</summary>
    public IReadOnlyList<string> Drift(IReadOnlyCollection<string> features) => Locked is { } locked
        ? LockCheck.Differences(locked, Wishes(features), PatchOf)
        : [$"there is no {LockName}"];

    /// <summary>Writes the lockfile, durably, unless it says that already.</summary>
    /// <returns>Whether it was written.</returns>
    public bool Save(Lockfile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        using var handle = DirectoryHandle.Open(Directory);
        DurableFile.ClearLeft(handle, isAlone: false);
        if (ReferenceEquals(file, Locked))
        {
            return false;
        }

        var bytes = file.ToBytes();
        if (handle.TryReadFile(LockName, Lockfile.MaximumSize) is { } there && there.AsSpan().SequenceEqual(bytes))
        {
            return false;
        }

        DurableFile.Replace(LockPath, bytes);
        return true;
    }
}
