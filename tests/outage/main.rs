//! A Platform that is out for hours: no accepted score is lost, none is applied out of order.
