using System.CommandLine;
using System.Text.Json;
using Pm.Blobs;
using Pm.Cli.Output;
using Pm.Codecs;
using Pm.Packages;
using Pm.Trust;
using Pm.Trust.OpenPgp;

namespace Pm.Cli.Commands.Packages;

/// <summary><c>pm pkg verify FILE…</c>: whole, and signed by somebody this root trusts.</summary>
static class VerifyFileCommand
{
    public const string Summary = "check package files and who signed them";

    sealed record Finding(string File, Package? Package, SignerDecision.Accepted? Signer, Failure? Failure);

    public static CommandDeclaration Declare()
    {
        var files = new Argument<string[]>("FILE") { Description = "a .pkg or .far file", Arity = ArgumentArity.OneOrMore };
        return new CommandDeclaration
        {
            Arguments = [files],
            Takes = CommonOptions.Reads,
            Exits = [ExitCode.NotFound, ExitCode.Invalid, ExitCode.Refused],
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(context, parsed.Given(files)!)),
        };
    }

    /// <summary>Checks each file, goes on after a bad one, and ends with the first failure's code.</summary>
    public static ExitCode Run(PmContext context, IEnumerable<string> files)
    {
        var findings = new List<Finding>();
        foreach (var file in files)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var finding = Check(context, file);
            findings.Add(finding);
            if (finding.Failure is { } failure)
            {
                ErrorReport.Print(context, failure);
            }
            else if (!context.Settings.Json)
            {
                context.Terminal.Data(
                    $"{Hostile.OneLine(file)}\t{finding.Package!.Id}\t{finding.Package.Hash}\t{finding.Signer!.Signer} {Hostile.OneLine(finding.Signer.UserId)}");
            }
        }

        if (context.Settings.Json)
        {
            JsonOutput.Write(context.Terminal, "packages-verified", json => Write(json, findings));
        }

        return findings.Find(f => f.Failure is not null)?.Failure!.Exit ?? ExitCode.Ok;
    }

    static Finding Check(PmContext context, string file)
    {
        try
        {
            using var opened = PackageFile.Open(context, file, allowsOutsideLinks: true);
            var (package, signer) = PackageJudge.Judge(context, opened, file);
            return new Finding(file, package, signer, null);
        }
        catch (Exception e) when (e is CommandException or PackageFormatException or TrustException or CodecException
            or BlobMismatchException or IOException or UnauthorizedAccessException)
        {
            return new Finding(file, null, null, ErrorReport.Describe(e));
        }
    }

    static void Write(Utf8JsonWriter json, List<Finding> findings)
    {
        json.WriteStartObject();
        json.WriteStartArray("files"u8);
        foreach (var finding in findings)
        {
            json.WriteStartObject();
            json.WriteString("file"u8, finding.File);
            json.WriteBoolean("ok"u8, finding.Failure is null);
            json.WriteString("name"u8, finding.Package?.Id.Name.Text);
            json.WriteString("version"u8, finding.Package?.Id.Version.Text);
            json.WriteString("hash"u8, finding.Package?.Hash.ToString());
            json.WriteString("signer"u8, finding.Signer?.Signer.ToString());
            json.WriteString("user_id"u8, finding.Signer?.UserId);
            json.WriteString("code"u8, finding.Failure?.Code);
            json.WriteString("message"u8, finding.Failure?.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
