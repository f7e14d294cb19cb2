using System.Buffers;
using Pm.Repositories.Serving.Http;

namespace Pm.Daemon.Direct;

/// <summary>What a connection has received so far.</summary>
/// <param name="Kind">Which decides what else is set.</param>
/// <param name="Head">Of a request for a file.</param>
/// <param name="Length">Of that head, in bytes.</param>
/// <param name="Status">With which a head is refused.</param>
readonly record struct DirectRequest(DirectRequestKind Kind, RequestHead? Head = null, int Length = 0, int Status = 0)
{
    /// <param name="bytes">From the beginning of a request.</param>
    /// <param name="before">The last head.</param>
    public static DirectRequest Read(in ReadOnlySequence<byte> bytes, RequestHead? before)
    {
        if (bytes.IsEmpty)
        {
            return new(DirectRequestKind.Incomplete);
        }

        if (bytes.FirstSpan[0] is not ((byte)'G' or (byte)'H') || bytes.Length > RequestHeadReader.MaximumLength)
        {
            return new(DirectRequestKind.Other);
        }

        var span = bytes.IsSingleSegment ? bytes.FirstSpan : bytes.ToArray();
        var length = RequestHeadReader.End(span);
        if (length < 0)
        {
            return new(DirectRequestKind.Incomplete);
        }

        // What is refused here goes no further: another reader would perhaps understand something else.
        var status = RequestHeadReader.Read(span[..length], out var head, before);
        return head is null ? new(DirectRequestKind.Refused, Status: status)
            : (head.IsGet || head.IsHead) && head is { HasBody: false, WantsMore: false } ? new(DirectRequestKind.File, head, length)
            : new(DirectRequestKind.Other);
    }
}
