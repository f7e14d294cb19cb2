using System.Text.Json;
using Pm.Blobs;
using Pm.Cli.Output;
using Pm.Codecs;
using Pm.Ebpf;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Parameters;
using Pm.Linux;
using Pm.Packages;
using Pm.Remotes;
using Pm.Repositories;
using Pm.Stages;
using Pm.Storage;
using Pm.Trust;

namespace Pm.Cli;

/// <summary>The one table from exceptions to exit codes, and how an error is printed.</summary>
/// <remarks>A room that brings an exception adds its line to <see cref="Describe"/>.</remarks>
static class ErrorReport
{
    /// <summary>What <paramref name="error"/> means to the person at the keyboard.</summary>
    public static Failure Describe(Exception error)
    {
        var failure = Of(error);
        return failure.Hint is null ? failure with { Hint = UsualHint(failure.Code) } : failure;
    }

    /// <summary>What helps where nobody below could say more.</summary>
    static string? UsualHint(string code) => code switch
    {
        "PM2202" => "it was cut off on its way: get it again",
        "PM2302" => "it was altered or damaged on its way: get it again, from its publisher",
        "PM3002" => "get it again, from its publisher: nobody else can sign it",
        "PM6006" => "fetch it again; if it stays so, add another mirror (`pm remote set NAME --mirror URL`), and tell the keeper of the repository",
        "PM6004" or "PM6011" or "PM6012" => "`pm doctor URL` looks at the way there; if it stays so, tell the keeper of the server",
        "PM6014" => "where it has moved, name its new URL; else tell the keeper of the server",
        "PM6062" => "look at its name and tag; who may not read an artifact is often told the same: `docker login HOST`",
        "PM6063" => "`curl https://HOST/v2/` shows who answers there",
        "PM6064" => "ask its author for a package, or for the eBPF object",
        "PM6066" => "`curl https://HOST/v2/` shows who answers there; its keeper knows what may be pushed, and by whom",
        "PM6067" => "fetch it again; if it stays so, tell the keeper of the registry",
        _ => null,
    };

    static Failure Of(Exception error) => error switch
    {
        CommandException e => new(e.Exit, e.Code, e.Message, e.Hint),
        OperationCanceledException => new(ExitCode.Interrupted, "PM0003", "interrupted", "nothing is half done: run the command again when you like"),
        BlobMismatchException e => new(ExitCode.Refused, e.Code, e.Message, e.Hint),
        CodecException e => new(ExitCode.Failed, e.Code, e.Message, e.Hint),
        PackageFormatException { Code: "PM2302" or "PM2303" or "PM2304" } e => new(ExitCode.Refused, e.Code, e.Message, e.Hint),
        BpfException e => new(OfKernel(e.Error.Code), e.Error.Code, Hostile.Visible(e.Message), e.Error.Hint),

        // Both name what a stranger wrote, and neither has more than one line to say: a line break is part of such a name.
        ParameterException e => new(ExitCode.Usage, e.Code, Hostile.OneLine(e.Message), e.Hint),
        EbpfFormatException e => new(ExitCode.Invalid, e.Code, Hostile.OneLine(e.Message), e.Hint),
        PackageFormatException e => new(ExitCode.Invalid, e.Code, e.Message, e.Hint),
        ConflictException e => new(ExitCode.Conflict, e.Code, e.Message, e.Hint),
        NotInstalledException e => new(ExitCode.NotFound, e.Code, e.Message, e.Hint),
        RolledBackException e => new(
            e.InnerException is OperationCanceledException ? ExitCode.Interrupted : ExitCode.RolledBack, e.Code, e.Message, e.Hint),
        StoreException e => new(ExitOf(e), e.Code, e.Message, e.Hint),
        TrustException e => new(ExitCode.Refused, e.Code, e.Message, e.Hint),
        StageException e => new(OfStage(e.Code), e.Code, e.Message, e.Hint),
        RemoteException e => new(OfRemote(e.Code), e.Code, e.Message, e.Hint),
        RepositoryException e => new(OfRepository(e.Code), e.Code, e.Message, e.Hint),
        SystemCallException { IsNoSpace: true, Errno: Errno.EFBIG } e => new(ExitCode.Failed, "PM0006", e.Message, "raise the limit of the size of files: `ulimit -f`"),
        SystemCallException e => OfSystem(e.Errno, e.Message),
        LockBusyException e => new(ExitCode.LockBusy, e.Code, e.Message, e.Hint),
        UnauthorizedAccessException e => new(ExitCode.NotPermitted, "PM0005", Plain(e.Message), PermissionHint),
        FileNotFoundException { FileName: { } file } => new(ExitCode.NotFound, "PM0008", $"no such file: {file}"),
        FileNotFoundException or DirectoryNotFoundException => new(ExitCode.NotFound, "PM0008", Plain(error.Message)),
        IOException e when OfSystem(e.HResult, Plain(e.Message)) is { Code: not "PM0004" } known => known,
        IOException e => new(ExitCode.Failed, "PM0004", Plain(e.Message)),
        OutOfMemoryException or InsufficientExecutionStackException =>
            new(ExitCode.Failed, "PM0002", "out of memory", "stop other programs, or raise the limit (`ulimit -v`), and try again"),
        _ => new(ExitCode.Failed, "PM0001", $"internal error: {error.GetType().Name}: {Plain(error.Message)}",
            "this is a defect of pm: please report it with the command line; PM_DEBUG=1 shows where it happened"),
    };

    /// <summary>A wrong name, a remote that is not there, or bytes that are not what was signed.</summary>
    static ExitCode OfRemote(string code) => code switch
    {
        "PM6001" or "PM6002" or "PM6015" or "PM6060" => ExitCode.Usage,
        "PM6061" => ExitCode.NotPermitted,
        "PM6062" or "PM6068" => ExitCode.NotFound,
        "PM6063" or "PM6064" => ExitCode.Invalid,
        "PM6003" or "PM6010" or "PM6011" or "PM6012" or "PM6050" or "PM7504" => ExitCode.Unreachable,

        // What a server said, with the codes of a repository and of packages.
        "PM5030" or "PM5031" => ExitCode.NotPermitted,
        "PM5018" or "PM5032" or "PM5038" or "PM5040" => ExitCode.Temporary,
        ['P', 'M', '2', ..] and not ("PM2302" or "PM2303" or "PM2304") => ExitCode.Invalid,
        ['P', 'M', '5', ..] => OfRepository(code),
        _ => ExitCode.Refused,
    };

    static ExitCode OfStage(string code) => code switch
    {
        "PM7205" or "PM7207" or "PM7504" => ExitCode.Unreachable,
        "PM7209" or "PM7301" or "PM7303" or "PM7307" => ExitCode.Failed,
        "PM7202" or "PM7204" or "PM7206" or "PM7231" or "PM7302" or "PM7308" or "PM7312" or "PM7311" => ExitCode.NotFound,
        "PM7221" or "PM7223" or "PM7224" or "PM7244" or "PM7304" or "PM7305" or "PM7306" or "PM7309" or "PM7313" or "PM7314" => ExitCode.Invalid,
        "PM7222" or "PM7227" or "PM7241" or "PM7243" => ExitCode.Conflict,
        "PM7310" => ExitCode.Findings,
        _ => ExitCode.Refused,
    };

    static ExitCode OfKernel(string code) => code switch
    {
        "PM8030" or "PM8032" or "PM8053" => ExitCode.NotPermitted,
        "PM8020" => ExitCode.Invalid,
        _ => ExitCode.Failed,
    };

    static ExitCode OfRepository(string code) => code switch
    {
        "PM5036" or "PM5202" or "PM5204" => ExitCode.Usage,
        "PM5001" or "PM5005" or "PM5009" or "PM5037" or "PM5201" or "PM5208" => ExitCode.NotFound,
        "PM5003" or "PM5007" or "PM5014" or "PM5016" or "PM5019" => ExitCode.Conflict,
        "PM5015" or "PM5203" => ExitCode.Refused,
        _ => ExitCode.Failed,
    };

    static ExitCode ExitOf(StoreException error) => error.Code switch
    {
        "PM4008" or "PM4033" or "PM4035" => ExitCode.NotFound,
        "PM4031" or "PM4032" => ExitCode.Invalid,
        "PM4036" => ExitCode.Conflict,
        _ => ExitCode.Failed,
    };

    /// <summary>Prints <paramref name="error"/> and says what to exit with. A broken pipe ends quietly.</summary>
    public static ExitCode Print(PmContext context, Exception error)
    {
        if (error is SystemCallException { Errno: Errno.EPIPE })
        {
            return ExitCode.BrokenPipe;
        }

        var failure = Describe(error);
        Print(context, failure);
        if (failure.Code == "PM0001" && context.Variable("PM_DEBUG") is not null)
        {
            context.Terminal.Say(error.ToString());
        }

        return failure.Exit;
    }

    /// <summary>Prints one error, for a command that goes on with the next of its arguments.</summary>
    public static void Print(PmContext context, Failure failure)
    {
        var paint = context.Terminal.TalkPaint;
        var label = paint.Red($"error[{failure.Code}]:");
        context.Terminal.Say($"{context.InvokedAs}: {label} {Hostile.Visible(failure.Message)}");
        if (failure.Hint is not null)
        {
            context.Terminal.Say($"{paint.Cyan("hint:")} {Hostile.Visible(failure.Hint)}");
        }
    }

    /// <summary>The error as the document that <c>--json</c> promises.</summary>
    public static void WriteJson(PmContext context, Failure failure) => JsonOutput.Write(context.Terminal, "error", json =>
    {
        json.WriteStartObject();
        WriteMembers(json, failure);
        json.WriteEndObject();
    });

    /// <summary>What programs are told of an error: its code, its words, what helps, and what pm ends with.</summary>
    public static void WriteMembers(Utf8JsonWriter json, Failure failure)
    {
        json.WriteString("code"u8, failure.Code);
        json.WriteString("message"u8, failure.Message);
        json.WriteString("hint"u8, failure.Hint);
        json.WriteNumber("exit"u8, (int)failure.Exit);
    }

    /// <summary>Reads errno from an exception of the framework, which carries it in HResult.</summary>
    static Failure OfSystem(int errno, string message) => errno switch
    {
        Errno.EACCES or Errno.EPERM => new(ExitCode.NotPermitted, "PM0005", message, PermissionHint),
        Errno.ENOSPC or Errno.EDQUOT => new(ExitCode.Failed, "PM0006", message, "free some space (`pm gc` frees what no generation needs) and run the command again"),
        Errno.EROFS => new(ExitCode.Failed, "PM0007", message, "choose a root that can be written: `--root DIR` or PM_ROOT"),
        Errno.ENOENT => new(ExitCode.NotFound, "PM0008", message),
        _ => new(ExitCode.Failed, "PM0004", message),
    };

    const string PermissionHint = "do it as the owner, or work in a root of your own: `--root DIR` or PM_ROOT";

    /// <summary>A message of the framework in the house's form: no capital, no full stop, backticks.</summary>
    static string Plain(string message)
    {
        var text = message.TrimEnd('.', ' ').Replace('\'', '`');
        return text.Length > 1 && char.IsUpper(text[0]) && !char.IsUpper(text[1])
            ? char.ToLowerInvariant(text[0]) + text[1..]
            : text;
    }
}
