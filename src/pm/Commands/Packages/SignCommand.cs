using System.CommandLine;
using System.Text.Json;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Packages.Pkg;
using Pm.Storage.Keys;
using Pm.Storage.Packing;

namespace Pm.Cli.Commands.Packages;

/// <summary><c>pm pkg sign FILE…</c>: only the signature changes.</summary>
static class SignCommand
{
    public const string Summary = "sign package files";

    public static CommandDeclaration Declare()
    {
        var files = new Argument<string[]>("FILE") { Description = "a .pkg file", Arity = ArgumentArity.OneOrMore };
        var key = new Option<string?>("--key") { Description = "sign with this key: a fingerprint, key id or e-mail address (default: PM_PGP_ID, PM_PGP_EMAIL, or the only one)", HelpName = "KEY" };
        return new CommandDeclaration
        {
            Arguments = [files],
            Options = [key],
            Takes = CommonOptions.Json | CommonOptions.DryRun,
            Exits = [ExitCode.NotFound, ExitCode.Invalid],
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(context, parsed.Given(files)!, parsed.Given(key))),
        };
    }

    static ExitCode Run(PmContext context, string[] files, string? named)
    {
        var program = Signatures.Program(context);
        var key = program.ChooseSecretKey(named, context.Cancellation);
        foreach (var file in files)
        {
            Sign(context, program, file, key);
        }

        if (context.Settings.Json)
        {
            JsonOutput.Write(context.Terminal, "packages-signed", json => Write(json, files, key));
        }

        return ExitCode.Ok;
    }

    static void Sign(PmContext context, OpenPgpProgram program, string file, KeyListing key)
    {
        using var package = PackageFile.Open(context, file, allowsOutsideLinks: true);
        if (package.Pkg is not { } pkg)
        {
            throw new CommandException(
                ExitCode.Failed, "PM1014", $"{file}: a .far has no manifest of its own to sign",
                $"sign the .pkg, then `pm pkg convert` it");
        }

        // Nobody should sign what they would be refused for.
        pkg.Expand(new Pm.Packages.HashOnlyBlobs());
        if (!context.Settings.DryRun)
        {
            var signature = program.Sign(pkg.ManifestBytes, key.Fingerprint, context.Cancellation);
            using var output = new OutputFile(context.FullPath(file));
            PkgResigning.Write(output.Stream, pkg, signature);
            output.Commit();
        }

        context.Terminal.Note($"{(context.Settings.DryRun ? "would sign" : "signed")} {Hostile.OneLine(file)} ({pkg.Id}) with {key.Fingerprint} {Hostile.OneLine(key.UserId)}");
    }

    static void Write(Utf8JsonWriter json, string[] files, KeyListing key)
    {
        json.WriteStartObject();
        json.WriteString("signer"u8, key.Fingerprint.ToString());
        json.WriteStartArray("files"u8);
        foreach (var file in files)
        {
            json.WriteStringValue(file);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
