namespace Pm.Cli.Rpc;

/// <summary>What becomes of that which a child says.</summary>
interface IRpcTask
{
    /// <summary>Whether its standard output is read now.</summary>
    bool TakesOutput { get; }

    /// <summary>How long it may take to end after it was asked to.</summary>
    TimeSpan Grace { get; }

    /// <summary>A line of its standard output.</summary>
    void TakeOutput(ReadOnlySpan<byte> line, bool isTooLong);

    /// <summary>A line of its standard error.</summary>
    void TakeTalk(ReadOnlySpan<byte> line);

    /// <summary>A line on the pipe on which it says how things stand.</summary>
    void TakeReport(ReadOnlySpan<byte> line);

    /// <summary>It closed that pipe, or a program that has it no more took its place.</summary>
    void EndReport();

    /// <summary>It has ended, and all that it said was taken.</summary>
    /// <param name="code">As a shell would tell it.</param>
    /// <param name="wasAsked">It was asked to.</param>
    void End(int code, bool wasAsked);
}
