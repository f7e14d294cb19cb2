namespace Pm.Cli.Rpc;

/// <summary>The answers to several requests that came in one line: they go back in one, in the order of the requests. Source: JSON-RPC 2.0, 6.</summary>
sealed class RpcBatch(RpcOutput output, int count)
{
    readonly byte[]?[] _answers = new byte[count][];
    int _missing = count;

    /// <summary>Takes the answer to one of them; none for one that asked for none.</summary>
    public void Take(int index, byte[]? answer)
    {
        _answers[index] = answer;
        if (--_missing > 0 || Array.TrueForAll(_answers, a => a is null))
        {
            return;
        }

        output.Line(json =>
        {
            json.WriteStartArray();
            foreach (var part in _answers.OfType<byte[]>())
            {
                json.WriteRawValue(part, skipInputValidation: true);
            }

            json.WriteEndArray();
        });
    }
}
