using System.Text;

namespace Pm.Cli.Rpc;

/// <summary>The last lines that a command said on standard error: where it could not say in JSON why it failed, they do.</summary>
sealed class RpcTalk
{
    const string Label = ": error[";
    const string HintLabel = "hint: ";

    readonly Queue<string> _lines = new();

    public void Add(ReadOnlySpan<byte> line)
    {
        if (_lines.Count == RpcLimits.Talk)
        {
            _ = _lines.Dequeue();
        }

        _lines.Enqueue(Encoding.UTF8.GetString(line));
    }

    /// <summary>The lines, oldest first; then none are left.</summary>
    public IEnumerable<string> TakeAll()
    {
        while (_lines.TryDequeue(out var line))
        {
            yield return line;
        }
    }

    /// <summary>Why it ended with <paramref name="code"/>.</summary>
    /// <param name="code">As a shell would tell it.</param>
    /// <param name="wasAsked">It was asked to.</param>
    public Failure Failure(int code, bool wasAsked)
    {
        if (wasAsked)
        {
            return ErrorReport.Describe(new OperationCanceledException());
        }

        var lines = _lines.ToList();
        var at = lines.FindLastIndex(l => l.Contains(Label, StringComparison.Ordinal));
        if (at >= 0 && lines[at].Split(Label, 2)[1].Split("]: ", 2) is [var known, var message])
        {
            var hint = lines.Skip(at + 1).FirstOrDefault(l => l.StartsWith(HintLabel, StringComparison.Ordinal))?[HintLabel.Length..];
            return new Failure((ExitCode)code, known, message, hint);
        }

        return new Failure(
            (ExitCode)(code == 0 ? 1 : code), "PM8081", $"pm ended with {code} and did not say why{(lines.Count == 0 ? "" : $": {lines[^1]}")}",
            "run the command by itself: `pm help rpc` says which it is");
    }
}
