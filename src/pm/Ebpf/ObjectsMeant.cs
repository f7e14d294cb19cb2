using Pm.Cli.Commands.Packages;
using Pm.Cli.Commands.Roots;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Ebpf.Elf;
using Pm.Packages;
using Pm.Packages.Far;
using Pm.Remotes;
using Pm.Stages.Changes;
using Pm.Stages.Hooks;
using Pm.Storage;

namespace Pm.Cli.Ebpf;

/// <summary>
/// Finds the eBPF objects that a word means: those of a file or a URL, else of what is installed, else of what a remote offers. Nothing of it is run, so no signature of a file is asked for.
/// </summary>
static class ObjectsMeant
{
    /// <param name="context">The world.</param>
    /// <param name="word">A file, a URL, a name, or <c>-</c> for standard input.</param>
    /// <param name="allowsUnsigned">Of what a remote offers.</param>
    /// <param name="trustsUrls">Nobody has to vouch for a URL: it is only looked at.</param>
    /// <exception cref="CommandException">PM8049: there is none; PM1104: nobody vouches for a URL; PM8060, PM8061: what is in it is neither object nor package; PM0008, PM1105 and others: it is nothing.</exception>
    public static async Task<IReadOnlyList<FoundObject>> FindAsync(PmContext context, string word, bool allowsUnsigned, bool trustsUrls)
    {
        if (word.Length == 0)
        {
            throw CommandException.Usage("PM1002", "expected a file, a URL or the name of a package, got nothing");
        }

        if (word == RunSources.StandardInput)
        {
            using var input = InputCopy.Take(context);
            return OfFile(context, input.Path, "standard input");
        }

        if (PackageUrl.IsUrl(word))
        {
            using var source = await RunSources.FetchAsync(context, word, trustsUrls);
            return OfFile(context, source.Path, word);
        }

        if (context.FullPath(word) is var path && File.Exists(path))
        {
            return OfFile(context, path, word);
        }

        if ((word.EndsWith(".pkg", StringComparison.Ordinal) || ObjectFile.IsNamedLikeOne(word)))
        {
            throw new CommandException(ExitCode.NotFound, "PM0008", $"no such file: {Hostile.OneLine(word)}");
        }

        using var wanted = await Targets.ParseAsync(context, [word], trustsUrls: false);
        return (wanted.Names.IsEmpty ? null : OfInstalled(context, wanted.Names[0])) ?? await OfOfferedAsync(context, wanted, allowsUnsigned);
    }

    static List<FoundObject> OfFile(PmContext context, string path, string name)
    {
        if (EunomiaFile.TryRead(path, name) is { } packed)
        {
            return [new FoundObject(name, packed.Content.ToArray()) { Package = packed }];
        }

        // What an ELF file is that is no eBPF object, the reader of objects says best.
        if (ObjectFile.IsNamedLikeOne(name) || BeginsWith(context, path, "\u007fELF"u8))
        {
            return [new FoundObject(name, ObjectFile.Read(path, name))];
        }

        var kind = ContentRecognition.Of(path);
        if (kind is ContentKind.WebAssembly)
        {
            throw new CommandException(ExitCode.Invalid, "PM8061", $"{Hostile.OneLine(name)}: a WebAssembly module; expected an eBPF object or a package", "ask its author for the eBPF object, or for `package.json`");
        }

        if (kind is ContentKind.Other && !name.EndsWith(".pkg", StringComparison.Ordinal) && !BeginsWith(context, path, FarFormat.Magic))
        {
            throw new CommandException(
                ExitCode.Invalid, "PM8060", $"{Hostile.OneLine(name)}: neither an eBPF object nor a package of pm's or eunomia's",
                name.EndsWith(".c", StringComparison.Ordinal) ? "`pm build` compiles a source, below a manifest that names it: `pm init --ebpf NAME`" : null);
        }

        using var file = PackageFile.Open(context, path, allowsOutsideLinks: true, name);
        var blobs = new ObjectBlobs();
        return Of(file.Expand(blobs), entry => blobs.Find(entry.Root));
    }

    static bool BeginsWith(PmContext context, string path, ReadOnlySpan<byte> begin)
    {
        using var file = InputFile.Open(context, path);
        Span<byte> head = stackalloc byte[begin.Length];
        return file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.SequenceEqual(begin);
    }

    static List<FoundObject>? OfInstalled(PmContext context, Dependency wanted)
    {
        using var session = RootAccess.TryOpen(context);
        return session?.Root.Current?.Find(wanted.Name) is { } installed && (wanted.Exact is null || wanted.Exact == installed.Id.Version)
            ? Of(session.Store.Require(installed.Hash), entry => Read(session.Store, entry))
            : null;
    }

    /// <summary>Brings the package into the store, as installing it would.</summary>
    static async Task<List<FoundObject>> OfOfferedAsync(PmContext context, Targets wanted, bool allowsUnsigned)
    {
        using var session = RootAccess.OpenForChange(context);
        var proposal = Conflicts.Require(context, Proposer.Of(session, context.MinimumAge).Install(wanted.Names, wanted.Files), session, wanted.Names);
        var name = wanted.Names.IsEmpty ? wanted.Files[0].Id.Name : wanted.Names[0].Name;
        using var progress = new Progress(context, "fetching");
        var changes = new RootChanges(session, RootAccess.Changes(context, session, HookRules.None, allowsUnsigned, RootAccess.Observer(context, progress)));
        var package = (await changes.FetchAsync([proposal.Packages.Single(p => p.Id.Name == name)], context.Cancellation))[0];
        return Of(package, entry => Read(session.Store, entry));
    }

    static List<FoundObject> Of(Package package, Func<PackageEntry, byte[]?> read)
    {
        var found = package.Entries.Where(e => e.Kind is EntryKind.File)
            .Select(e => (e.Path, Bytes: read(e)))
            .Where(e => e.Bytes is not null)
            .Select(e => new FoundObject($"{package.Id}: {e.Path}", e.Bytes!))
            .ToList();
        return found.Count > 0 ? found
            : throw new CommandException(ExitCode.NotFound, "PM8049", $"{package.Id} has no eBPF object", $"`pm files {package.Id.Name}` lists what it has");
    }

    static byte[]? Read(Store store, PackageEntry entry)
    {
        using var blob = store.OpenBlob(entry.Root);
        var head = new byte[20];
        var count = blob.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (!ElfObject.IsOne(head.AsSpan(0, count)) || blob.Length > ElfLimits.Size)
        {
            return null;
        }

        var bytes = new byte[blob.Length];
        head.CopyTo(bytes, 0);
        blob.ReadExactly(bytes.AsSpan(count));
        return bytes;
    }
}
