using System.Collections.Immutable;
using Microsoft.Win32.SafeHandles;
using Pm.Linux;
using Pm.Packages;
using Pm.Packages.Manifests;
using Pm.Packages.Pkg;
using Pm.Storage.Packing;
using PackageSource = Pm.Storage.Packing.PackageSource;

namespace Pm.Stages.Building;

/// <summary>
/// Makes a package of source: checkout and build of the stages. The source is copied, its commands run beside it, and what they install
/// into <c>$OUT</c> is packed, with the files that the manifest names; where all of it is as it was, nothing is run. Source: docs/formats/build.md.
/// </summary>
public sealed class PackageBuild(BuildOptions options)
{
    const string PackageFolder = "package";
    const string FilesFolder = "files";
    const string RootFolder = "root";
    const int DirectoryMode = 0b111_101_101;

    /// <summary>How long the commands of a package may take, where nothing else is said.</summary>
    public static readonly TimeSpan UsualTimeLimit = TimeSpan.FromHours(2);

    /// <summary>How long what was built stays in the cache without being asked for.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    readonly BuildCache _cache = new(options);

    /// <summary>Builds one package, or finds that it is built.</summary>
    /// <exception cref="StageException">PM7301–PM7307: a command failed, a tool is missing, something contradicts something.</exception>
    /// <exception cref="PackageFormatException">What was made cannot be a package.</exception>
    public Task<BuiltPackage> RunAsync(BuildRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        // The child is waited for with a thread; whoever calls this keeps his.
        return Task.Run(() => Run(request, cancellation), cancellation);
    }

    /// <summary>What <see cref="RunAsync"/> would find built; null: it would build it. Nothing is run or written.</summary>
    /// <exception cref="StageException">PM7302, PM7303, PM7305, PM7306, as far as it can be known.</exception>
    public BuiltPackage? Look(BuildRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        var prepared = Prepare(request, cancellation);
        return options.IsFresh ? null : _cache.TryFind(prepared.InputHash, prepared.Id, isUse: false);
    }

    BuiltPackage Run(BuildRequest request, CancellationToken cancellation)
    {
        var prepared = Prepare(request, cancellation);
        if (Find(prepared) is { } found)
        {
            BuildScratch.Clear(options, prepared.Id.Name);
            return found;
        }

        using var scratch = BuildScratch.Make(options, prepared.Id.Name, cancellation);
        // Who was waited for may have built the same.
        return Find(prepared) ?? Make(request, prepared, scratch, cancellation);
    }

    PreparedBuild Prepare(BuildRequest request, CancellationToken cancellation)
    {
        var manifest = request.Manifest;
        var package = manifest.Package ?? throw new StageException("PM7306", "the manifest has no [package], so there is nothing to build", "add [package] with name and version");
        if (manifest.Build is not null)
        {
            BuildEnvironment.Check(manifest.Build);
        }

        var plan = manifest.Build is { } build
            ? BuildPlan.Of(build, package.Name, name => File.Exists(Path.Join(request.Directory, name)))
            : Ebpf.EbpfPreset.TryPlan(manifest, request.Directory, options.TypesPath);
        if (plan is null && package.Files.IsEmpty)
        {
            throw manifest.Modules.FirstOrDefault(m => m.Source is not null || manifest.Dependencies.All(d => d.Module is null || d.Name.Text != m.Name)) is { } module
                ? new StageException("PM7306", $"{package.Name}: module `{PathText.Show(module.Name)}`: {PathText.Show(module.Source ?? module.Name + ".bpf.c")} is not there, or no eBPF program in C", "such a source ends with .bpf.c, or with .c and has SEC(\"…\") in it")
                : new StageException("PM7306", $"{package.Name}: the manifest says neither how it is built nor which files it has", "add [build] with a command or preset, `files` to [package], or a [[module]] whose source is an eBPF program in C");
        }

        // What is compiled for another kernel need not run on this one.
        BuildTools.CheckMachine(manifest, isOfThisKernel: manifest.Build is not null || options.TypesPath is null);
        var id = new PackageId(package.Name, package.Version);
        var compiler = LlvmFolder.Find(plan, manifest, BuildEnvironment.SearchPath(request.Roots, options));
        var tools = BuildTools.Find(plan, manifest, BuildEnvironment.SearchPath(request.Roots, options, compiler));
        var source = request.Source ?? BuildSource.Read(request.Directory, id.Name, cancellation).Identity;
        return new(id, plan, tools, compiler, BuildStatement.InputHash(request, source, tools, plan?.Inputs ?? []));
    }

    BuiltPackage? Find(PreparedBuild prepared) => options.IsFresh ? null : _cache.TryFind(prepared.InputHash, prepared.Id);

    BuiltPackage Make(BuildRequest request, PreparedBuild prepared, BuildScratch scratch, CancellationToken cancellation)
    {
        var (id, plan, tools, compiler, inputHash) = prepared;
        if (options.Keeps)
        {
            scratch.Keep();
        }

        scratch.Link([.. request.Roots]);
        var jobs = options.Jobs > 0 ? options.Jobs : Environment.ProcessorCount;
        var runner = new BuildRunner(scratch.Places, BuildEnvironment.Of(request, options, scratch.Places, jobs, compiler), options.TimeLimit, options.Observer);
        options.Observer.Working?.Invoke($"building {id}");
        var versions = tools.ToDictionary(t => t.Name, t => runner.Version(t, cancellation));
        BuildTools.CheckVersions(request.Manifest, versions);

        var tree = CheckOut(request, id, scratch, cancellation);
        var stage = _cache.Stage();
        try
        {
            if (plan is not null)
            {
                plan.Prepare?.Invoke(scratch.Places);
                RunSteps(plan.Steps(scratch.Places, jobs), runner, id, stage, scratch, cancellation);
            }

            AssemblePackage(request, scratch, BuildStatement.Provenance(request, tree.Identity, plan is null ? null : tools, versions), plan?.Finish(scratch.Places, versions, note => options.Observer.Note?.Invoke(note)) ?? []);
            var package = Pack(scratch, Path.Join(stage, id.FileText + ".pkg"), cancellation);
            return _cache.Keep(stage, inputHash, package, hasLog: plan is not null) with { Kept = options.Keeps ? scratch.Path : null };
        }
        finally
        {
            _cache.Drop(stage);
            options.Observer.Finished?.Invoke($"building {id}");
        }
    }

    /// <summary>Copies the source, and what of it is packed as it is, where the build cannot change it.</summary>
    static BuildSource CheckOut(BuildRequest request, PackageId id, BuildScratch scratch, CancellationToken cancellation)
    {
        var before = BuildSource.Read(request.Directory, id.Name, cancellation);
        using var source = scratch.Directory.OpenBeneath($"work/{BuildPlaces.SourceName}");
        before.Copy(request.Directory, source, cancellation);
        var tree = BuildSource.Read(scratch.Places.Source, id.Name, cancellation);
        if (tree.Identity != before.Identity)
        {
            throw BuildSource.Changed(request.Directory);
        }

        scratch.Directory.MakeDirectory(FilesFolder, DirectoryMode);
        using var files = scratch.Directory.OpenBeneath(FilesFolder);
        foreach (var pattern in request.Manifest.Package!.Files.Select(f => new PathPattern(f)))
        {
            if (!tree.Entries.Any(e => pattern.Contains(e.Path)))
            {
                throw new StageException(
                    "PM7304", $"[package] files: nothing in {PathText.Show(request.Directory)} is called `{PathText.Show(pattern.Text)}`", "correct the pattern, or remove it");
            }
        }

        var patterns = request.Manifest.Package.Files.Select(f => new PathPattern(f)).ToList();
        tree.Copy(scratch.Places.Source, files, cancellation, entry => patterns.Exists(p => p.Contains(entry.Path)));
        return tree;
    }

    void RunSteps(ImmutableArray<BuildStep> steps, BuildRunner runner, PackageId id, string stage, BuildScratch scratch, CancellationToken cancellation)
    {
        using var log = BuildCache.CreateLog(stage);
        foreach (var first in steps)
        {
            var step = first;
            while (true)
            {
                var start = RandomAccess.GetLength(log);
                var result = runner.Run(step, log, cancellation);
                if (result.IsSuccess)
                {
                    step.Said?.Invoke(BuildRunner.Said(log, start));
                    if (step.Next?.Invoke() is not { } next)
                    {
                        break;
                    }

                    step = next;
                    continue;
                }

                var said = BuildRunner.Said(log, start);
                step = step.Retry?.Invoke(said) ?? throw Failure(step, result, log, id, stage, scratch, step.Hint?.Invoke(said));
            }
        }
    }

    StageException Failure(BuildStep step, ChildResult result, SafeFileHandle log, PackageId id, string stage, BuildScratch scratch, string? help)
    {
        var tail = BuildRunner.Tail(log);
        // The copy of the source goes with the scratch directory: what is left to look at is the project's own.
        tail = options.Keeps ? tail : tail.Replace(PathText.Show(scratch.Places.Source) + "/", "", StringComparison.Ordinal);
        var kept = _cache.KeepFailed(stage, id);
        return new StageException(
            "PM7301", $"{id}: `{PathText.Show(step.Program)}` ended with {result}:\n{tail}", help ?? $"the whole log: {PathText.Show(kept)}; {(options.Keeps ? $"the scratch directory: {PathText.Show(scratch.Path)}" : "`pm build --keep` leaves the scratch directory")}");
    }

    /// <summary>Lays out root/, meta.yaml and meta/ as a package in the making has them.</summary>
    static void AssemblePackage(
        BuildRequest request, BuildScratch scratch, ReadOnlyMemory<byte> provenance, IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>>> said)
    {
        var top = scratch.Directory;
        using var work = top.OpenBeneath("work");
        top.MakeDirectory(PackageFolder, DirectoryMode);
        using var package = top.OpenBeneath(PackageFolder);
        // The build may have put anything in the place of $OUT: only a directory is packed.
        if (work.Status(BuildPlaces.OutName) is not { IsDirectory: true })
        {
            throw new StageException("PM7304", $"{request.Manifest.Package!.Name}: the build removed the directory $OUT");
        }

        work.Rename(BuildPlaces.OutName, package, RootFolder);
        using var root = package.OpenBeneath(RootFolder);
        using (var files = top.OpenBeneath(FilesFolder))
        {
            MoveInto(files, root, "", request.Manifest.Package!.Name);
        }

        if (!root.Entries().Any())
        {
            throw new StageException(
                "PM7304", $"{request.Manifest.Package!.Name}: the build installed nothing", "the command has to put what it makes into the directory $OUT: `make install DESTDIR=$OUT`");
        }

        DurableFile.Replace(package, PkgNames.Description, BuildStatement.Description(request.Manifest).ToBytes());
        package.MakeDirectory(PkgNames.MetaFolder, DirectoryMode);
        using var meta = package.OpenBeneath(PkgNames.MetaFolder);
        DurableFile.Replace(meta, BuildStatement.ProvenanceName, provenance.Span);
        foreach (var (name, bytes) in said)
        {
            DurableFile.Replace(meta, name, bytes.Span);
        }
    }

    /// <summary>What the manifest names as files comes to what was built; both cannot have the same path.</summary>
    static void MoveInto(DirectoryHandle from, DirectoryHandle to, string path, PackageName name)
    {
        foreach (var entry in from.Entries().ToList())
        {
            var below = path.Length == 0 ? entry.Name : $"{path}/{entry.Name}";
            var there = to.Status(entry.Name);
            if (there is null)
            {
                from.Rename(entry.Name, to, entry.Name);
            }
            else if (entry.Kind is FileKind.Directory && there is { IsDirectory: true })
            {
                using var source = from.OpenBeneath(entry.Name);
                using var target = to.OpenBeneath(entry.Name);
                MoveInto(source, target, below, name);
            }
            else
            {
                throw new StageException("PM7304", $"{name}: {PathText.Show(below)} is made by the build, and taken by `files`, too", "let one of them name it");
            }
        }
    }

    Package Pack(BuildScratch scratch, string file, CancellationToken cancellation)
    {
        using var source = PackageSource.Read(Path.Join(scratch.Path, PackageFolder), PackageFolder, PackOptions.Default, scratch.Path, cancellation);
        foreach (var note in source.Notes)
        {
            options.Observer.Note?.Invoke(note);
        }

        using var output = new OutputFile(file);
        using var spare = ScratchFile.Create(scratch.Path);
        PkgWriter.Write(output.Stream, spare, source.Package, source.OpenBlob, new PkgWriteOptions());
        output.Commit();
        return source.Package;
    }
}
