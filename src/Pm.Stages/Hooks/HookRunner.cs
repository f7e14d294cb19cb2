using System.Globalization;
using Pm.Blobs;
using Pm.Linux;
using Pm.Packages;
using Pm.Storage;

namespace Pm.Stages.Hooks;

/// <summary>Runs the scripts of packages: only those of signed ones, only when allowed, confined, in an environment of their own.</summary>
/// <remarks>
/// A script changes files in the root and in a directory for temporary ones (<c>TMPDIR</c>), and makes no socket, unless more is
/// granted; so it can neither reach a network nor change what belongs to the machine. See docs/formats/package.md, "Scripts". It gets <c>PM_ROOT</c>, <c>PM_PACKAGE</c>, <c>PM_VERSION</c>, <c>PM_OTHER_VERSION</c> (the version before it or
/// after it), a plain <c>PATH</c>, <c>HOME=/</c> and <c>LANG=C.UTF-8</c>, no standard input, and the content of the root
/// as its working directory.
/// </remarks>
/// <param name="rules">Whether any runs, and what it may do.</param>
/// <param name="scratch">Directory for the script while it runs; made when it is needed.</param>
/// <param name="isSigned">Whether the publisher of a package is known.</param>
/// <param name="observer">Told what runs, what it says, and what does not run.</param>
public sealed class HookRunner(HookRules rules, string scratch, Func<Package, bool> isSigned, StageObserver observer)
{
    const string SearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    const int ShownOutput = 4096;
    const int TextFileBusy = 26; // ETXTBSY
    const int MostAttempts = 50;

    const long MemoryLimit = 8L << 30;

    /// <summary>What pm keeps lies in the root of a prefix.</summary>
    static readonly string[] OwnDirectories = [Root.StateDirectory, Root.CacheDirectory];

    static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(10);

    readonly Dictionary<MerkleRoot, bool> _answers = [];

    /// <summary>
    /// Asks, where that is the rule, for every package with scripts that are due: before anything is changed, so that nobody waits at a
    /// question with half a root.
    /// </summary>
    public void Decide(IEnumerable<DueHook> due)
    {
        if (rules.Policy is not HookPolicy.Ask)
        {
            return;
        }

        foreach (var scripts in due.GroupBy(d => d.Package.Hash))
        {
            var package = scripts.First().Package;
            if (isSigned(package))
            {
                _answers[package.Hash] = rules.Ask!(package, [.. scripts.Select(s => new DueScript(s, null))]);
            }
        }
    }

    /// <summary>Runs one script, or says why not.</summary>
    /// <exception cref="StageException">PM7510: it failed.</exception>
    /// <exception cref="SystemCallException">It could not be started.</exception>
    public void Run(HookCall call, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Package.Hook(call.Moment) is not { } script)
        {
            return;
        }

        var name = NameOf(call.Moment);
        if (ObstacleOf(call.Package) is { } obstacle)
        {
            observer.Note?.Invoke($"{call.Package.Id}: its {name} script was not run: {obstacle}");
        }
        else
        {
            observer.Working?.Invoke($"{call.Package.Id}: {name}");
            Run(call, name, script, cancellation);
        }
    }

    /// <summary>Why the scripts of a package do not run; null: they do.</summary>
    public string? ObstacleOf(Package package) => rules.Policy switch
    {
        HookPolicy.Skip => "`--scripts` runs it",
        _ when !isSigned(package) => "nobody signed the package",
        HookPolicy.Ask => !_answers.TryGetValue(package.Hash, out var isAllowed) ? "a dry run asks nobody" : isAllowed ? null : "you said no",
        _ => null,
    };

    /// <summary>The name of a script: <c>pre-install</c>.</summary>
    public static string NameOf(HookMoment moment) => moment switch
    {
        HookMoment.PreInstall => "pre-install",
        HookMoment.PostInstall => "post-install",
        HookMoment.PreUpgrade => "pre-upgrade",
        HookMoment.PostUpgrade => "post-upgrade",
        HookMoment.PreRemove => "pre-remove",
        _ => "post-remove",
    };

    void Run(HookCall call, string name, ReadOnlyMemory<byte> script, CancellationToken cancellation)
    {
        const int OwnerAll = 0b111_000_000;
        const int DirectoryMode = 0b111_101_101;
        using var directory = DirectoryHandle.OpenOrMake(scratch, DirectoryMode, isDurable: false);
        var file = string.Create(
            CultureInfo.InvariantCulture, $"{name}-{Environment.ProcessId}-{call.Package.Hash.ToString().AsSpan(0, 16)}");
        var temporary = string.Create(CultureInfo.InvariantCulture, $"tmp-{Environment.ProcessId}");
        try
        {
            directory.MakeDirectory(temporary, OwnerAll);
            using (var content = directory.CreateFile(file, OwnerAll))
            {
                FileWriting.Write(content, script.Span);
            }

            Check(call, name, Start(call, OptionsOf(call, Path.Join(directory.Path, file), Path.Join(directory.Path, temporary)), cancellation));
        }
        finally
        {
            Clear(directory);
        }
    }

    /// <summary>Removes what a pm that was killed has left: for who has the root for himself.</summary>
    internal static void ClearLeftovers(string scratch)
    {
        using var directory = DirectoryHandle.TryOpen(scratch);
        if (directory is not null)
        {
            Clear(directory);
        }
    }

    /// <summary>A script that cannot be removed goes with the next change of the root.</summary>
    static void Clear(DirectoryHandle directory)
    {
        foreach (var entry in directory.Entries().ToList())
        {
            try
            {
                directory.RemoveTree(entry.Name);
            }
            catch (SystemCallException)
            {
            }
        }
    }

    /// <summary>
    /// A child that another thread is just starting holds a copy of the descriptor that the script was written through,
    /// for the moment until its own exec; until then the kernel says that the file is being written.
    /// </summary>
    static ChildResult Start(HookCall call, ChildOptions options, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return ChildProcess.Run(options, cancellation);
            }
            catch (SystemCallException e) when (e.Errno == TextFileBusy && attempt < MostAttempts)
            {
                cancellation.WaitHandle.WaitOne(attempt);
            }
            catch (SystemCallException e) when (e.Errno is Errno.ENOSYS or Errno.EOPNOTSUPP && options.Confinement is not null)
            {
                throw new StageException(
                    "PM7511", $"{call.Package.Id}: its script cannot be confined here: {e.Message}", "--grant all runs it unconfined", e);
            }
        }
    }

    ChildOptions OptionsOf(HookCall call, string path, string temporary) => new()
    {
        Confinement = rules.AllowsAll ? null : new Confinement
        {
            Writable = [call.ContentPath, temporary, .. rules.Writable],
            Protected = [.. OwnDirectories.Select(directory => Path.Join(call.ContentPath, directory)).Where(Directory.Exists)],
            AllowsNetwork = rules.AllowsNetwork,
            MemoryLimit = MemoryLimit,
        },
        FileName = path,
        WorkingDirectory = call.ContentPath,
        Timeout = TimeLimit,
        Environment = new Dictionary<string, string>
        {
            ["PATH"] = SearchPath,
            ["HOME"] = "/",
            ["LANG"] = "C.UTF-8",
            ["TMPDIR"] = temporary,
            ["PM_ROOT"] = call.ContentPath,
            ["PM_PACKAGE"] = call.Package.Id.Name.Text,
            ["PM_VERSION"] = call.Package.Id.Version.Text,
            ["PM_OTHER_VERSION"] = call.Other?.Text ?? "",
        },
    };

    void Check(HookCall call, string name, ChildResult result)
    {
        var output = Tail(result.OutputText + result.ErrorText);
        if (!result.IsSuccess)
        {
            throw new StageException(
                "PM7510", $"{call.Package.Id}: its {name} script failed with {result}{(output.Length > 0 ? ":\n" + output : "")}");
        }

        if (output.Length > 0)
        {
            observer.Note?.Invoke($"{call.Package.Id}: {name}:\n{output}");
        }
    }

    static string Tail(string text)
    {
        var trimmed = text.Trim();
        return trimmed.Length > ShownOutput ? "…" + trimmed[^ShownOutput..] : trimmed;
    }
}
