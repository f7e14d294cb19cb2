using System.CommandLine;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Storage.Keys;
using Pm.Trust.OpenPgp;

namespace Pm.Cli.Commands.Keys;

/// <summary><c>pm key verify FILE [SIGNATURE]</c></summary>
static class KeyVerifyCommand
{
    public const string Summary = "check a file's signature against the ring";

    static readonly string[] Suffixes = [".asc", ".sig"];

    public static CommandDeclaration Declare()
    {
        var file = new Argument<string>("FILE") { Description = "the file that was signed, or - for standard input" };
        var signature = new Argument<string?>("SIGNATURE") { Description = "its detached signature (default: FILE.asc, FILE.sig)", Arity = ArgumentArity.ZeroOrOne };
        return new CommandDeclaration
        {
            Arguments = [file, signature],
            Takes = CommonOptions.Reads,
            Exits = [ExitCode.NotFound, ExitCode.Refused],
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(context, parsed.GetRequiredValue(file), parsed.Given(signature))),
        };
    }

    static ExitCode Run(PmContext context, string file, string? signature)
    {
        using var content = KeyFile.Open(context, file);
        var ring = Keyring.OpenAt(context.Settings.Root);
        var found = signature ?? Suffixes.Select(s => file + s).FirstOrDefault(f => File.Exists(context.FullPath(f)));
        var bytes = found is null ? (ReadOnlyMemory<byte>?)null : KeyFile.Read(context, found);
        var check = Signatures.Program(context).Verify(ring, content, bytes, context.Cancellation);
        if (SignerPolicy.Decide(check, ring.Keys) is SignerDecision.Refused refused)
        {
            throw (check is SignatureCheck.Missing ? refused with { Message = $"no signature beside it ({file}.asc)", Hint = $"pm key sign {file}" } : refused)
                .ToException(file);
        }

        Write(context, file, (SignatureCheck.Good)check);
        return ExitCode.Ok;
    }

    static void Write(PmContext context, string file, SignatureCheck.Good good)
    {
        if (!context.Settings.Json)
        {
            var made = good.Made.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
            context.Terminal.Data($"{Hostile.OneLine(file)}: signed by {Hostile.OneLine(good.UserId)} ({good.Primary}) at {made}");
            return;
        }

        JsonOutput.Write(context.Terminal, "signature", json =>
        {
            json.WriteStartObject();
            json.WriteString("file"u8, file);
            json.WriteString("signer"u8, good.Primary.ToString());
            json.WriteString("signing_key"u8, good.SigningKey.ToString());
            json.WriteString("user"u8, good.UserId);
            json.WriteString("made"u8, good.Made.UtcDateTime);
            json.WriteEndObject();
        });
    }
}
