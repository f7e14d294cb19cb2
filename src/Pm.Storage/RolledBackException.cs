namespace Pm.Storage;

/// <summary>A change failed or was cancelled and everything it had done was undone: the old state stands, exactly.</summary>
#pragma warning disable CA1032 // The general constructors would allow an exception without a cause.
public sealed class RolledBackException : StoreException
#pragma warning restore CA1032
{
    /// <param name="cause">What made it fail; an <see cref="OperationCanceledException"/> when it was cancelled.</param>
    /// <param name="generation">The generation that still stands; 0 when the root was empty.</param>
    public RolledBackException(Exception cause, int generation)
        : base("PM4011", $"{Reason(cause)}; rolled back, {State(generation)}", hint: null, cause)
    {
        Generation = generation;
    }

    public int Generation { get; }

    static string Reason(Exception cause) => cause is OperationCanceledException ? "cancelled" : cause.Message;

    static string State(int generation) =>
        generation == 0 ? "nothing is installed" : $"generation {generation} stands as it was";
}
