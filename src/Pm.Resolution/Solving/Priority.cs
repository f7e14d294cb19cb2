namespace Pm.Resolution.Solving;

/// <summary>What is decided first: what has one version left, then what conflicts often, then by order; alike, by name.</summary>
readonly record struct Priority(int Group, int Order, string Name, string Tree) : IComparable<Priority>
{
    public int CompareTo(Priority other)
    {
        var order = Group.CompareTo(other.Group);
        order = order != 0 ? order : Order.CompareTo(other.Order);
        order = order != 0 ? order : string.CompareOrdinal(Name, other.Name);
        return order != 0 ? order : string.CompareOrdinal(Tree, other.Tree);
    }
}
