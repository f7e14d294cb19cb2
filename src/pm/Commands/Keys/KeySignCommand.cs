using System.CommandLine;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Storage.Keys;
using Pm.Storage.Packing;
using Pm.Trust.OpenPgp;

namespace Pm.Cli.Commands.Keys;

/// <summary><c>pm key sign FILE…</c>: a detached signature beside each.</summary>
static class KeySignCommand
{
    public const string Summary = "sign files: FILE.asc beside each";

    const string Suffix = ".asc";

    public static CommandDeclaration Declare()
    {
        var files = new Argument<string[]>("FILE") { Description = "a file, or - to sign standard input to standard output", Arity = ArgumentArity.OneOrMore };
        var key = new Option<string?>("--key")
        {
            Description = "sign with this key of GnuPG's: a fingerprint, key id or e-mail address (default: PM_PGP_ID, PM_PGP_EMAIL, or the only one)",
            HelpName = "KEY",
        };
        return new CommandDeclaration
        {
            Arguments = [files],
            Options = [key],
            Takes = CommonOptions.Json | CommonOptions.DryRun | CommonOptions.Confirm,
            Exits = [ExitCode.NotFound, ExitCode.Conflict],
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(context, parsed.GetRequiredValue(files), parsed.Given(key))),
        };
    }

    static ExitCode Run(PmContext context, string[] files, string? named)
    {
        var program = Signatures.Program(context);
        foreach (var file in files)
        {
            KeyFile.Require(context, file);
            RequireReplaceable(context, file);
        }

        var key = program.ChooseSecretKey(named, context.Cancellation);
        foreach (var file in files)
        {
            Sign(context, program, file, key);
        }

        if (context.Settings.Json)
        {
            WriteJson(context, files, key.Fingerprint);
        }

        return ExitCode.Ok;
    }

    static void Sign(PmContext context, OpenPgpProgram program, string file, KeyListing key)
    {
        var who = $"{key.Fingerprint} ({Hostile.OneLine(key.UserId)})";
        if (context.Settings.DryRun)
        {
            context.Terminal.Note($"would sign {Hostile.OneLine(file)} with {who}");
            return;
        }

        using var content = KeyFile.Open(context, file);
        var signature = program.Sign(content, key.Fingerprint, context.Cancellation);
        if (file == KeyFile.StandardInput)
        {
            context.Terminal.Flush();
            context.Terminal.Output.Write(signature);
            return;
        }

        using (var output = new OutputFile(context.FullPath(file + Suffix)))
        {
            output.Stream.Write(signature);
            output.Commit();
        }

        context.Terminal.Note($"{Hostile.OneLine(file + Suffix)}: signed with {who}");
    }

    /// <summary>A signature is made again at will; anything else under its name is somebody's work.</summary>
    static void RequireReplaceable(PmContext context, string file)
    {
        var path = context.FullPath(file + Suffix);
        if (file == KeyFile.StandardInput || context.Settings.Yes || !Path.Exists(path))
        {
            return;
        }

        var begin = "-----BEGIN PGP SIGNATURE-----"u8;
        Span<byte> head = stackalloc byte[begin.Length];
        if (!File.Exists(path) || !Begins(path, head, begin))
        {
            throw new CommandException(
                ExitCode.Conflict, "PM1153", $"{file + Suffix} is there and is not a signature", "move it away, or add `-y` to replace it");
        }
    }

    static bool Begins(string path, Span<byte> head, ReadOnlySpan<byte> begin)
    {
        using var stream = File.OpenRead(path);
        return stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.SequenceEqual(begin);
    }

    static void WriteJson(PmContext context, string[] files, Fingerprint key) => JsonOutput.Write(context.Terminal, "signatures-made", json =>
    {
        json.WriteStartObject();
        json.WriteBoolean("dry_run"u8, context.Settings.DryRun);
        json.WriteString("signer"u8, key.ToString());
        json.WriteStartArray("files"u8);
        foreach (var file in files)
        {
            json.WriteStringValue(file + Suffix);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });
}
